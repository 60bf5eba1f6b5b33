"""Whatever was set: taking the offered fixes one after the other leads to settings that can run."""

import random
from dataclasses import replace
from typing import Any

import pytest

from counterpoise.core.errors import UsageError
from counterpoise.core.findings import Finding, Severity
from counterpoise.core.safety.check import check

VALUES: dict[str, tuple[Any, ...]] = {
    "model.mode": ("features", "finetune", "scratch"),
    "model.image_size": ("auto", 16, 32, 96, 512, 1024),
    "training.optimizer": ("auto", "adam", "adamw", "sgd", "rmsprop"),
    "training.learning_rate": ("auto", 1e-5, 1e-3, 0.03, 0.5, 10.0, 1e6),
    "training.batch_size": ("auto", 1, 16, 300, 5000),
    "training.precision": ("auto", "float32", "mixed_float16"),
    "training.clip_norm": (None, 0.1, 1.0, 1e6),
    "training.augment": ("auto", "none", "photo", "microscopy"),
    "training.device": ("auto", "cpu", "gpu"),
    "weighting.method": ("auto", "none", "balanced", "inverse_sqrt", "effective_number", "custom"),
    "weighting.normalize": ("mean_one", "sum_one", "none"),
    "weighting.max_ratio": (1.0, 10.0, 1e4),
    "weighting.sampling": ("natural", "balanced"),
    "weighting.custom": (
        {}, {"a": 1.0, "b": 1.0}, {"a": 1.0, "b": 5000.0}, {"a": 1e-9, "b": 2e-9}, {"a": 30.0, "b": 30.0},
        {"a": float("nan"), "b": 1.0}, {"a": 1e300, "b": 1.0}, {"a": 1.0, "b": 60.0},
    ),
    "scaling.method": ("auto", "minmax", "zscore", "image_zscore", "window", "none"),
    "scaling.window": (None, [128, 256], [40, 0], [1e6, 10], [128, 1e9], [float("inf"), 1]),
}  # fmt: skip
MOST_CLICKS = 12


def drawn(seed: int) -> dict[str, Any]:
    chance = random.Random(seed)
    keys = chance.sample(sorted(VALUES), chance.randint(3, len(VALUES)))
    return {key: chance.choice(VALUES[key]) for key in keys}


@pytest.mark.parametrize("units", ["uint8", "dicom", "float"])
def test_fixes_lead_to_settings_that_can_run(make_case: Any, units: str) -> None:
    top = {"uint8": 255.0, "dicom": 3000.0, "float": 4e4}[units]
    case = make_case(
        {"a": (40, 60, 60), "b": (240, 60, 60)}, units=units, maximum=top, mean=top / 2, std=top / 5
    )
    for seed in range(60):
        try:
            clicked, blockers = clicked_through(case, case.settings.changed(drawn(seed)))
        except UsageError:
            continue  # a network that can't run in that mode
        assert not blockers, (drawn(seed), clicked, blockers)


def clicked_through(case: Any, settings: Any) -> tuple[list[str], list[Finding]]:
    """Take the most urgent fix until none is offered; return the codes mended and the blockers left."""
    clicked: list[str] = []
    while True:
        found = check(replace(case, settings=settings).plan()).findings
        fix = next((f for f in found if f.fix is not None and f.severity != Severity.INFO), None)
        if fix is None:
            return clicked, [f for f in found if f.severity == Severity.BLOCKER]
        clicked.append(fix.code)
        assert len(clicked) <= MOST_CLICKS, clicked
        settings = settings.changed(fix.fix.set)
