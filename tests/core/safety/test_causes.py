"""The likeliest cause in a run's own settings: the right one first, with a fix that the settings accept."""

from typing import Any, get_args

import pytest

from counterpoise.core.safety.causes import Cause, Symptom, likeliest_causes
from counterpoise.core.safety.seen import Range
from counterpoise.core.settings import Settings

COUNTS = {"normal": 900, "sick": 100}
EVEN = dict.fromkeys(COUNTS, 1.0)
RESOLVED = {
    "weighting.method": "none", "scaling.method": "minmax", "model.mode": "scratch",
    "model.name": "small_cnn", "model.image_size": 96, "training.optimizer": "adam",
    "training.learning_rate": 1e-3, "training.batch_size": 32, "training.epochs": 30,
    "training.precision": "float32", "training.augment": "light",
}  # fmt: skip
RAW = Range(0.0, 255.0, 120.0, 55.0)


def causes(
    symptom: Symptom, changes: dict[str, Any], weights: dict[str, float] = EVEN, seen: Range | None = None
) -> tuple[Cause, ...]:
    return likeliest_causes(symptom, Settings().changed({**RESOLVED, **changes}), weights, COUNTS, seen)


SGD = {"training.optimizer": "sgd", "training.learning_rate": 0.01}
HEAVY = {"normal": 0.1, "sick": 9.1}


RATE, RAW_SGD = "training.learning_rate", {**SGD, "scaling.method": "none"}
SUMS = {"normal": 1e-4, "sick": 1e-3}
SENSITIVE = {"evaluation.operating_point": "sensitivity", "evaluation.target": 0.995}


@pytest.mark.parametrize(
    ("symptom", "changes", "weights", "seen", "words", "mended"),
    [
        ("dead", RAW_SGD, EVEN, RAW, "0 to 255", "scaling.method"),
        ("dead", RAW_SGD, EVEN, None, "as they are stored", "scaling.method"),
        ("dead", {}, EVEN, Range(0.0, 1e-4, 5e-5, 1e-5), "differ by less than 1e-05", "scaling.method"),
        ("non-finite", {RATE: 3.0}, EVEN, None, "of 3 is 300 times", RATE),
        ("exploding", {**SGD, RATE: 0.08}, HEAVY, None, "works like 0.728", "weighting.max_ratio"),
        ("exploding", {RATE: 2e-3}, {"normal": 0.02, "sick": 9.8}, None, "490 times", "weighting.max_ratio"),
        ("exploding", {**SGD, RATE: 20.0}, {"normal": 0.9, "sick": 2.5}, None, "of 20 is 100 times", RATE),
        ("dead", {**SGD, "weighting.normalize": "sum_one"}, SUMS, None, "on average", "weighting.normalize"),
        ("dead", {RATE: 1e-8}, EVEN, None, "100,000 times smaller", RATE),
        ("non-finite", {"training.precision": "mixed_float16"}, HEAVY, None, "65,504", "training.precision"),
        (
            "collapse",
            {"training.batch_size": 4},
            EVEN,
            None,
            "66 % of the batches of 4",
            "training.batch_size",
        ),
        ("collapse", {"weighting.sampling": "balanced"}, HEAVY, None, "91 times as much", "weighting.method"),
        (
            "collapse",
            {"evaluation.operating_point": "argmax"},
            EVEN,
            None,
            "90 %",
            "evaluation.operating_point",
        ),
        ("collapse", SENSITIVE, EVEN, None, "0.995", "evaluation.operating_point"),
        ("no-signal", {"training.epochs": 1}, EVEN, None, "was only 1 round", "training.epochs"),
        ("no-signal", {"model.mode": "features"}, EVEN, None, "quick way", "model.mode"),
        ("memory", {}, EVEN, None, "16 images instead of 32", "training.batch_size"),
        ("memory", {"training.batch_size": 1}, EVEN, None, "48 pixels instead of 96", "model.image_size"),
        ("overfitting", {}, EVEN, None, "1,000 images", "model.mode"),
    ],
)
def test_the_planted_cause_comes_first(
    symptom: Symptom,
    changes: dict[str, Any],
    weights: dict[str, float],
    seen: Range | None,
    words: str,
    mended: str,
) -> None:
    first = causes(symptom, changes, weights, seen)[0]
    assert words in first.sentence
    assert first.fix is not None
    assert mended in first.fix.set
    Settings().changed(first.fix.set)


@pytest.mark.parametrize("symptom", get_args(Symptom))
def test_there_is_always_something_to_say(symptom: Symptom) -> None:
    found = causes(symptom, {})
    assert found
    assert all(cause.sentence.endswith(".") for cause in found)


@pytest.mark.parametrize("symptom", ["non-finite", "exploding", "dead", "collapse", "no-signal"])
def test_settings_within_bounds_are_not_blamed(symptom: Symptom) -> None:
    (only,) = causes(symptom, {}, EVEN, Range(0.0, 1.0, 0.5, 0.2))
    assert "No setting is far out of its range" in only.sentence


def test_of_several_causes_the_worst_comes_first() -> None:
    changes = {**SGD, "training.learning_rate": 0.5, "scaling.method": "none"}
    found = causes("exploding", changes, {"normal": 0.1, "sick": 100.0}, RAW)
    words = ["counts 100 times", "0 to 255", "learning rate of 0.5 is 2.5 times"]
    assert [word in cause.sentence for word, cause in zip(words, found, strict=True)] == [True] * 3


def test_clipping_takes_the_weights_out_of_the_rate() -> None:
    settings = {**SGD, "training.learning_rate": 0.08}
    assert "weights" in causes("exploding", settings, {"normal": 1.0, "sick": 10.0})[0].sentence
    clipped = causes("exploding", {**settings, "training.clip_norm": 1.0}, {"normal": 1.0, "sick": 10.0})
    assert "No setting" in clipped[0].sentence
