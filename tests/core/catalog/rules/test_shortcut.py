"""What isn't the content and yet tells the class: planted in every way, and a healthy set."""

import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from counterpoise.core.catalog.distributions.beside import beside
from counterpoise.core.catalog.rules.shortcut import _finding
from counterpoise.core.catalog.rules.telling import Telling, telling

NUMBER = 24


@pytest.fixture
def write(data: Path):
    """Write noise images of both classes, each changed by a function of (pixels, label, number)."""

    def written(change=plain, ending="png"):
        rng = np.random.default_rng(5)
        for label in ("ill", "well"):
            (data / label).mkdir(parents=True, exist_ok=True)
            for number in range(NUMBER):
                pixels = rng.integers(0, 200, (20, 20), dtype=np.uint8)
                made = change(pixels, label, number)
                kind = ending(label) if callable(ending) else ending
                made.save(data / label / f"p{number // 2:02d}_{number}.{kind}")

    return written


def plain(pixels, label, number):
    return Image.fromarray(pixels)


def planted(finding):
    return {entry["property"] for entry in finding.evidence["properties"]}


def larger(pixels, label, number):
    side = 20 + number % 3 + 10 * (label == "ill")
    return Image.fromarray(pixels).resize((side, side))


def wider(pixels, label, number):
    return Image.fromarray(pixels).resize((25, 16) if label == "ill" else (20, 20))


def brighter(pixels, label, number):
    return Image.fromarray(pixels + np.uint8(50 * (label == "ill")))


def framed(pixels, label, number):
    if label == "ill":
        pixels[:1], pixels[-1:] = 0, 0
        pixels[:, :1], pixels[:, -1:] = 0, 0
        pixels[5:15, 5:15] = np.minimum(pixels[5:15, 5:15], 180) + 70
    return Image.fromarray(pixels)


def coloured(pixels, label, number):
    image = Image.fromarray(pixels)
    return Image.merge("RGB", (image, image.rotate(90), image)) if label == "ill" else image


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (larger, "size"),
        (wider, "aspect"),
        (brighter, "brightness"),
        (framed, "border"),
        (coloured, "color"),
    ],
)
def test_a_planted_shortcut_is_told_with_how_well(write, scanned, found, change, name):
    write(change)
    (finding,) = found(scanned(), "shortcut")
    assert str(finding.severity) == "warning"
    assert name in planted(finding)
    best = finding.evidence["properties"][0]
    assert best["found"] - best["false_alarms"] >= best["at_least"] >= 0.5
    assert "'ill' can be told" in finding.message or "'well' can be told" in finding.message


def test_the_type_of_file_can_be_a_shortcut(write, scanned, found):
    write(ending=lambda label: "bmp" if label == "ill" else "png")
    (finding,) = found(scanned(), "shortcut")
    assert planted(finding) == {"type"}


def test_a_healthy_set_has_none(write, scanned, found):
    write()
    assert not found(scanned(), "shortcut")


def test_a_few_patients_prove_nothing(write, scanned, found, data):
    """All bright images of the ill are of five patients: chance, for all anyone can tell."""
    write(brighter)
    for label in ("ill", "well"):
        for file in sorted((data / label).iterdir()):
            shutil.move(file, data / label / f"{label[0]}{int(file.stem.split('_')[1]) % 5}_{file.name}")
    assert found(scanned(), "shortcut")
    assert not found(scanned(group_by="name:^([^_]+)_"), "shortcut")


def test_no_patient_is_in_learning_and_judging():
    """A value of its own per patient tells the class only of patients one has learned from."""
    rng = np.random.default_rng(1)
    patients = np.repeat(np.arange(20), 20)
    values = rng.permutation(20).astype(float)[patients]
    truth = (patients % 2).astype(np.intp)
    by_patient = telling(values, truth, [str(p) for p in patients], 2)
    by_image = telling(values, truth, [str(i) for i in range(400)], 2)
    assert by_image.found - by_image.false_alarms > 0.5 > by_patient.found - by_patient.false_alarms
    assert not by_patient.is_clear


def test_values_that_are_all_equal_tell_nothing():
    assert telling(np.ones(40), np.arange(40) % 2, [str(i) for i in range(40)], 2) is None


def test_the_sentence_and_what_stands_beside_the_picture_have_the_same_figures():
    for share in (0.8549, 0.9946, 0.99501, 0.9997, 1.0):
        made = _finding([("size", Telling(0, share, 1 - share, 0.5))], ("ill", "well"))
        assert made.evidence["properties"][0]["found"] <= 0.999 or share == 1.0
        (note,) = beside([made])["sizes"]
        figures = [re.findall(r"[0-9]+ %", text) for text in (made.message, note.text)]
        assert figures[0] == figures[1]
        assert ("100 %" in figures[0]) == (share == 1.0)
