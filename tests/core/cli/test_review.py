"""``counterpoise review``: what people read, what scripts get."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from counterpoise.core.catalog.alike.copies import CopyPair
from counterpoise.core.cli.commands.review import review_json, review_text
from counterpoise.core.review.result import Doubt, Estimate, Review, Trial, Unlike
from counterpoise.core.review.words import advice, headline

DOUBTS = tuple(Doubt(f"a/{i}.png", -1, "00", "a", "b", 0.1, 0.9, -0.8) for i in range(3))


def made(value: int = 37, low: int = 20, high: int = 60, **how: Any) -> Review:
    found = {"doubts": DOUBTS, "unlike": (Unlike("b/1.dcm", 2, "01", "b", 2.5),), "near": ()} | how
    return Review("d", 5856, {"a": 5800, "b": 56}, (), False, Estimate(value, low, high, 5856), **found)


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ((37, 20, 60), "About 37 of 5,856 labels may be wrong, likely between 20 and 60."),
        ((2, 2, 2), "About 2 of 5,856 labels may be wrong."),
        ((0, 0, 0), "Few of 5,856 labels seem wrong, if any: look at the first doubts."),
        ((0, 0, 6), "Few of 5,856 labels seem wrong, if any (0 to 6): look at the first doubts."),
        ((100, 0, 900), "How many of 5,856 labels are wrong can't be told"),
    ],
)
def test_the_sentence(numbers: tuple[int, int, int], words: str) -> None:
    assert headline(made(*numbers)).startswith(words)


def test_without_a_doubt_there_is_no_sign() -> None:
    assert headline(made(0, 0, 0, doubts=())) == "There is no sign of wrong labels among 5,856."
    least = "There is no sign of more wrong labels among 5,856; up to 6 can't be ruled out."
    assert headline(made(0, 0, 6, doubts=(), relabelled=54)) == least


def test_what_people_read() -> None:
    pair = CopyPair(("a/1.png", -1), ("b/1.png", -1), "near", 0.97)
    text = review_text(made(near=(pair,)), 2)
    assert "a/0.png      a       b               10.0 %" in text
    assert "and 1 more (--top)" in text
    assert "b/1.dcm [2]      b       2.5" in text
    assert "a/1.png  b/1.png   0.97" in text
    assert text.endswith("nothing was changed.")


def test_what_scripts_get() -> None:
    told = review_json(made(), top=1)
    assert set(told) == {
        "message", "cautions", "images", "classes", "too_small", "with_test", "estimate", "doubts", "unlike",
        "near", "trial", "relabelled",
    }  # fmt: skip
    assert told["estimate"] == {"value": 37, "low": 20, "high": 60, "of": 5856}
    assert told["doubts"] == [
        {"path": "a/0.png", "frame": None, "label": "a", "suggested": "b", "probability": 0.1,
         "suggested_probability": 0.9, "score": -0.8}
    ]  # fmt: skip
    assert told["unlike"] == [{"path": "b/1.dcm", "frame": 2, "label": "b", "distance": 2.5}]


def test_few_images_and_the_test_part_are_said() -> None:
    few = Review("d", 9, {"a": 5, "b": 4}, ("c",), True, Estimate(0, 0, 1, 9), (), (), ())
    text = review_text(few, 20)
    assert "b has only 4 images" in text
    assert "Not judged, for want of images: c." in text
    assert "test part" in text


def test_how_far_the_trial_can_be_trusted_is_said() -> None:
    weak, good = (made(trial=Trial(187, 468, found)) for found in (0.52, 0.97))
    told = "of 187 labels made wrong as a trial, 52 % came among the first 468 doubts"
    assert told in review_text(weak, 20)
    assert told.partition(",")[0] not in review_text(good, 20)
    assert review_json(weak)["trial"] == {"turned": 187, "first": 468, "found": 0.52}
    assert review_json(made())["trial"] is None


def test_after_labels_were_mended_less_is_claimed() -> None:
    text = review_text(made(0, 0, 6, relabelled=54), 20)
    assert "Few of 5,856 labels still seem wrong, if any (0 to 6): look" in text
    assert "54 images another label" in text
    assert "there may be more" in text


def test_how_far_to_look_is_said() -> None:
    many = tuple(replace(DOUBTS[0], path=f"a/{i}.png") for i in range(300))
    trial = Trial(200, 500, 0.97)
    assert advice(made(doubts=many, trial=trial)) == (
        "Begin with the first 90 doubts; in a trial 97 % of wrong labels stood that far up."
    )
    assert (
        advice(made(2, 1, 3, doubts=many, trial=replace(trial, found=0.5)))
        == "Begin with the first 10 doubts."
    )
    none = advice(made(0, 0, 12, doubts=many, trial=trial))
    assert none.startswith("Begin with the first 30 doubts;")
    assert none.endswith("most doubts are hard cases.")
    assert advice(made(doubts=many)) == ""


@pytest.mark.slow
def test_the_command_itself(cli: Any, tiny: Path) -> None:
    answer = cli("review", tiny, "--json", "--set", "model.image_size=32")
    assert answer.status == 0, answer.err
    assert answer.json["images"] == answer.json["estimate"]["of"] == 32
    assert {doubt["label"] for doubt in answer.json["doubts"]} <= {"bright", "dark"}


def test_no_such_folder_is_status_1(cli: Any, tmp_path: Path) -> None:
    answer = cli("review", tmp_path / "none", "--json")
    assert answer.status == 1
    assert "doesn't exist" in answer.json["error"]
