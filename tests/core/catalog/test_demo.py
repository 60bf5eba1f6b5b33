"""The demo: the same bytes from the same seed, and the faults its README tells of."""

import hashlib
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from counterpoise.core.catalog.demo import COUNTS, PATIENTS, make_demo
from counterpoise.core.catalog.readers import UnreadableImage, read_frame


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "images"
    make_demo(folder)
    return folder


def _digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*.*")
    }


def test_classes_are_uneven_and_patients_have_several_images(demo):
    counts = Counter(path.parent.name for path in demo.rglob("*.png"))
    assert counts == COUNTS | {"neutrophil": COUNTS["neutrophil"] + 1}  # the planted copy
    assert max(COUNTS.values()) == 12 * min(COUNTS.values())
    patients = Counter(re.fullmatch(r"p(\d\d)_\d{3}\.png", path.name)[1] for path in demo.rglob("*.png"))
    assert len(patients) == PATIENTS
    assert min(patients.values()) >= 2
    assert len({path.name[:3] for path in (demo / "eosinophil").iterdir()}) >= 10


def test_names_are_given_once(demo):
    names = [path.name for path in demo.rglob("*.png")]
    assert len(names) == len(set(names))


def test_the_planted_faults_are_there_and_no_others(demo):
    readme = (demo / "README.txt").read_text(encoding="utf-8")
    assert "synthetic" in readme
    truncated = re.search(r"- (\S+) is cut off", readme)[1]
    copy, original = re.search(r"- (\S+) and (\S+) are the same", readme).groups()
    deep = re.search(r"- (\S+) has 16 bits", readme)[1]
    digests, depths, broken = _digests(demo), {}, []
    for path in demo.rglob("*.png"):
        name = path.relative_to(demo).as_posix()
        try:
            frame = read_frame(path)
        except UnreadableImage as error:
            broken.append((name, error.code))
            continue
        assert frame.pixels.shape == (96, 96, 3)
        assert frame.notes == ()
        depths[name] = frame.bits
    assert broken == [(truncated, "unreadable-image")]
    assert [name for name, bits in depths.items() if bits == 16] == [deep]
    assert np.unique(read_frame(demo / deep).pixels).size > 5000
    twice = [digest for digest, count in Counter(digests.values()).items() if count > 1]
    assert twice == [digests[copy]] == [digests[original]]
    assert copy.split("/")[0] != original.split("/")[0]


def test_the_seed_decides_every_byte(demo, tmp_path):
    make_demo(tmp_path / "again")
    assert _digests(tmp_path / "again") == _digests(demo)
