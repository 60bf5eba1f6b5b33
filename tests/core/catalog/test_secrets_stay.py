"""What DICOM files say of a person is neither written nor said: not in stores, caches, answers, reasons."""

import io
import json
import logging
import os
import subprocess
import sys
import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom import config
from pydicom.datadict import tag_for_keyword
from pydicom.dataelem import DataElement
from secret_dicoms import (
    WORD,
    assert_no_secret,
    make_secret_dicom,
    secrets_in,
    texts_of_pixels,
    write_secret_folder,
)

from counterpoise.core.catalog.about import about
from counterpoise.core.catalog.readers import UnreadableImage, read_frames_of_bytes

LEVELS = np.arange(48 * 40, dtype=np.uint16).reshape(48, 40)
HEALTHY = make_secret_dicom(LEVELS)


def said_of(data: bytes) -> str:
    """Return everything that reading a file says: its reason or its notes, and what is known of it."""
    said = []
    try:
        said += [repr(replace(frame, pixels=None, patient_id=None)) for frame in read_frames_of_bytes(data)]
    except UnreadableImage as error:
        said.append(f"{error} {error.reason}")
    try:
        said.append(repr(about(data, "a.dcm")))
    except UnreadableImage as error:
        said.append(str(error))
    return " ".join(said)


def spoilt(keyword: str, samples: int = 1) -> bytes:
    """Return a file with a secret in a text that decides about its pixels."""
    with warnings.catch_warnings(), config.disable_value_validation():
        warnings.simplefilter("ignore")
        data = pydicom.dcmread(io.BytesIO(HEALTHY))
        if samples > 1:
            data.SamplesPerPixel, data.PlanarConfiguration, data.Columns = samples, 0, 12
        tag = tag_for_keyword(keyword)
        assert tag is not None
        data[tag] = DataElement(tag, "LO", WORD)
        stream = io.BytesIO()
        data.save_as(stream)
    return stream.getvalue()


def damaged(seed: int) -> bytes:
    rng = np.random.default_rng(seed)
    if seed % 2:
        return HEALTHY[: int(rng.integers(200, len(HEALTHY)))]
    data = bytearray(HEALTHY)
    for place in rng.integers(128, len(data), int(rng.integers(1, 30))):
        data[place] = int(rng.integers(256))
    return bytes(data)


FILES = {
    "healthy": HEALTHY,
    "no colour": spoilt("PhotometricInterpretation", samples=3),
    **{keyword: spoilt(keyword) for keyword in sorted(texts_of_pixels())},
    **{f"damaged {seed}": damaged(seed) for seed in range(12)},
}


def test_the_secrets_are_there():
    assert len(secrets_in(HEALTHY)) == 3
    assert secrets_in(WORD.encode("utf-16"))


@pytest.mark.parametrize("name", FILES)
def test_reading_says_nothing(name, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        said = said_of(FILES[name])
    texts = (said, caplog.text, *capfd.readouterr(), *(str(warning.message) for warning in caught))
    assert not secrets_in(" ".join(texts).encode())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two classes of healthy files, several of a patient and one twice, and all the damaged ones."""
    write_secret_folder(tmp_path / "data")
    for name, data in FILES.items():
        (tmp_path / "data" / "sick" / f"{name}.dcm").write_bytes(data)
    return tmp_path


def told(folder: Path, *arguments: object) -> str:
    """Run a command; return what it said. Everything it writes lies below ``folder``."""
    done = subprocess.run(
        [sys.executable, "-m", "counterpoise.core.cli.main", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
        cwd=folder,
        env={**os.environ, "COUNTERPOISE_HOME": str(folder / "home"), "TMPDIR": str(folder)},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert not secrets_in((done.stdout + done.stderr).encode())
    return done.stdout


def written(folder: Path) -> int:
    return assert_no_secret(path for path in folder.iterdir() if path.name != "data")


def test_a_scan_keeps_and_says_nothing(folder):
    answer = json.loads(told(folder, "scan", "data", "--json", "--debug"))
    assert answer["groups"] > 2
    assert {"duplicate-images", "identifiers-present"} <= {finding["code"] for finding in answer["findings"]}
    assert len(answer["skipped"]) > 5
    assert written(folder) >= 4


@pytest.mark.slow
def test_nor_does_the_whole_way(folder):
    few = ("--set", "training.epochs=2", "--set", "training.device=cpu")
    told(folder, "scan", "data", "--report", "data.html")
    told(folder, "check", "data", "--json", *few)
    told(folder, "train", "data", "--run", "run", "--json", *few)
    told(folder, "evaluate", "run", "--json")
    told(folder, "review", "data", "--json")
    told(folder, "report", "run", "--out", "run.html")
    told(folder, "predict", "run", "data", "--csv", "predicted.csv")
    told(folder, "export", "run", "--format", "onnx", "--format", "keras", "--out", "bundle")
    assert written(folder) > 20
