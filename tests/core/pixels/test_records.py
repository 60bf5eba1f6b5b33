"""Fixed-size records with checksums."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from counterpoise.core.pixels.records import HEADER_BYTES, DamagedRecordError, RecordFile

SHAPE = (4, 5, 3)


def numbered(index: int) -> np.ndarray:
    return np.full(SHAPE, index, np.uint16)


def test_what_is_written_is_read_by_position(tmp_path: Path) -> None:
    with RecordFile.create(tmp_path / "a.records", 10, SHAPE, "uint16") as records:
        for index in (7, 2):
            records.write(index, numbered(index))
        assert np.flatnonzero(records.filled()).tolist() == [2, 7]
        assert records.read([7, 2, 7])[:, 0, 0, 0].tolist() == [7, 2, 7]


def test_another_process_sees_it(tmp_path: Path) -> None:
    path = tmp_path / "a.records"
    with RecordFile.create(path, 3, SHAPE, "uint16") as ours, RecordFile(path) as theirs:
        ours.write(1, numbered(1))
        assert (theirs.read([1])[0] == 1).all()
        assert theirs.filled().tolist() == [False, True, False]


def test_room_is_taken_at_once(tmp_path: Path) -> None:
    path = tmp_path / "a.records"
    RecordFile.create(path, 100, SHAPE, "uint16").close()
    before = path.stat().st_size
    assert before == HEADER_BYTES + 100 * 8 + 100 * 60 * 2
    with RecordFile(path) as records:
        records.write(99, numbered(1))
    assert path.stat().st_size == before


def test_an_empty_record_is_damaged(tmp_path: Path) -> None:
    with (
        RecordFile.create(tmp_path / "a.records", 3, SHAPE, "uint16") as records,
        pytest.raises(DamagedRecordError, match="Record 1"),
    ):
        records.read([1])


@pytest.mark.parametrize("how", ["flip", "truncate"])
def test_damage_is_noticed_and_kills_nothing(tmp_path: Path, how: str) -> None:
    path = tmp_path / "a.records"
    with RecordFile.create(path, 3, SHAPE, "uint16") as records:
        for index in range(3):
            records.write(index, numbered(index))
        size = path.stat().st_size
        if how == "flip":
            with path.open("r+b") as file:
                file.seek(size - 1)
                file.write(b"\xff")
        else:
            with path.open("r+b") as file:
                file.truncate(size - 10)
        assert (records.read([1]) == 1).all()
        with pytest.raises(DamagedRecordError) as damaged:
            records.read([1, 2])
        assert damaged.value.index == 2


def test_created_again_it_keeps_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "a.records"
    with RecordFile.create(path, 3, SHAPE, "uint16") as records:
        records.write(1, numbered(1))
    with RecordFile.create(path, 3, SHAPE, "uint16") as records:
        assert records.filled()[1]
    with RecordFile.create(path, 4, SHAPE, "uint16") as records:
        assert not records.filled().any()


def test_rubbish_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.records"
    path.write_bytes(b"no records at all")
    with pytest.raises(ValueError, match="no file of records"):
        RecordFile(path)
    with RecordFile.create(path, 3, SHAPE, "uint16") as records:
        assert not records.filled().any()


def test_a_wrong_array_is_refused(tmp_path: Path) -> None:
    with (
        RecordFile.create(tmp_path / "a.records", 3, SHAPE, "uint16") as records,
        pytest.raises(ValueError, match="expected uint16"),
    ):
        records.write(0, np.zeros(SHAPE, np.uint8))


TOO_LARGE = """
import resource, sys
from pathlib import Path
from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.pixels.records import RecordFile
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
path = Path(sys.argv[1]) / "a.records"
try:
    RecordFile.create(path, 1000, (8, 8, 3), "uint8")
except CounterpoiseError as error:
    print(error)
print(list(path.parent.iterdir()))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process are POSIX")
def test_no_room_is_one_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "-c", TOO_LARGE, str(tmp_path)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "more than is free there" in told
    assert told.endswith("[]\n")
