"""The comparison's own judgement, and what it recorded for the help."""

import importlib
import json
import re
from importlib.resources import files
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def beside(monkeypatch):
    """The script's modules lie beside it, as when it is run."""
    monkeypatch.syspath_prepend(Path(__file__).parent)


START = (
    "WARNING: All log messages before absl::InitializeLog() is called are written to STDERR\n"
    "I0000 00:00:1.2 1 port.cc:153] oneDNN custom operations are on.\n"
    "E0000 00:00:1.2 1 cuda_platform.cc:52] failed call to cuInit: INTERNAL: CUDA error\n"
    "Epoch 1/3\n"
)


@pytest.mark.parametrize(
    ("output", "says"),
    [
        ("", "nothing"),
        ("8/8 ━━━━━ 1s 5ms/step - accuracy: 0.97 - loss: 0.1", "nothing"),
        ("8/8 ━━━━━ 1s 5ms/step - accuracy: 0.25 - loss: nan", "hint"),
        ("Found 120 files belonging to 2 classes.", "hint"),
        ("x.py:3: RuntimeWarning: invalid value encountered in divide", "hint"),
        ("Traceback (most recent call last):\nValueError: The truth value is ambiguous.", "hint"),
        ("UserWarning: class_weight holds unknown keys", "names"),
        ("ValueError: Expected a class_weight for\nclass 2", "names"),
    ],
)
def test_what_is_said_is_told_from_what_is_always_said(output, says):
    said = importlib.import_module("said")
    assert said.judge_words(START + output, "class_weight", r"Found \d+ files")[0] == says


def test_only_a_fault_without_a_word_is_silent():
    side = importlib.import_module("mistake").Side
    assert side("wrong", "", "nothing", "").verdict == "silent"
    assert side("wrong", "", "hint", "loss: nan").verdict == "hint"
    assert side("refused", "", "names", "why").verdict == "named"
    assert side("fine", "", "nothing", "").verdict == "fine"
    assert side("lost", "", "nothing", "").verdict == "silent"


def test_no_folder_of_this_computer_is_recorded():
    said = importlib.import_module("said")
    words = said.judge_words("/home/me/x.py:3: RuntimeWarning: invalid", "weight")[1]
    assert words == "x.py:3: RuntimeWarning: invalid"


def test_the_record_is_of_these_mistakes():
    """Whoever adds one records it: ``python tests/benchmarks/comparison --only NAME --out ...``."""
    importlib.import_module("families")
    known = importlib.import_module("mistake").MISTAKES
    text = files("counterpoise.resources").joinpath("help", "comparison.json").read_text(encoding="utf-8")
    recorded = json.loads(text)["mistakes"]
    assert [entry["name"] for entry in recorded] == list(known)
    assert len(recorded) >= 33
    assert [entry["name"] for entry in recorded if entry["counterpoise"]["verdict"] == "silent"] == []
    assert re.findall(r"/(?:home|tmp|work|root|Users)/", text) == []
