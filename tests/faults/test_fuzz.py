"""Harmed files of every format: no crash, no hang, bounded memory, each refused with its reason."""

import shutil
from pathlib import Path

import pytest
from bombs import bombs
from fuzz_samples import COLOUR, samples
from fuzz_trials import mutations, run
from PIL import Image

from counterpoise.core.catalog.scan import scan
from counterpoise.core.catalog.types import Sources
from counterpoise.core.settings import DataSettings


def test_harmed_files_are_read_or_refused_and_the_rest_of_the_scan_is_whole(tmp_path):
    data, apart = tmp_path / "data", tmp_path / "apart"
    for index in range(20):
        file = data / "ab"[index % 2] / f"healthy-{index}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(COLOUR + index).save(file)
    apart.mkdir()
    harmed = list(mutations(apart, 110, 0))
    outcomes, found = run(harmed, None)
    assert not found
    for file in harmed:
        shutil.copy(file, data / "a")
    catalog = scan(Sources(root=data), DataSettings(), cache=tmp_path / "cache")
    assert sum("healthy" in image.path for image in catalog.images) == 20
    refused = {Path(skipped.path).name: skipped.reason for skipped in catalog.skipped}
    assert {outcome.file.name: outcome.reason for outcome in outcomes if outcome.reason} == refused
    assert refused


def test_the_samples_are_of_every_format_and_nearly_all_healthy(tmp_path):
    files = [tmp_path / name for name in samples()]
    for file, data in zip(files, samples().values(), strict=True):
        file.write_bytes(data)
    assert {file.suffix for file in files} == {".png", ".jpg", ".bmp", ".gif", ".webp", ".tif", ".dcm"}
    outcomes, found = run(files, None)
    assert not found
    assert sum(not outcome.frames for outcome in outcomes) <= 4  # pydicom's own damaged ones


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_five_thousand_files(tmp_path, seed):
    assert run(list(mutations(tmp_path, 5000, seed)), None)[1] == []


@pytest.mark.slow
def test_files_that_unpack_to_huge_ones(tmp_path):
    files = []
    for name, data in bombs():
        files.append(tmp_path / name)
        files[-1].write_bytes(data)
    assert run(files, None)[1] == []
