"""The suspects of each symptom, and their ranking."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Literal

from counterpoise.core.findings import Fix
from counterpoise.core.findings.words import count
from counterpoise.core.safety.causes import amount, classes, steps
from counterpoise.core.safety.causes.case import Case, Cause, Suspect, said
from counterpoise.core.safety.seen import Range
from counterpoise.core.settings import Settings

Symptom = Literal[
    "non-finite",
    "exploding",
    "dead",
    "collapse",
    "memory",
    "no-signal",
    "unmoved",
    "probabilities",
    "overfitting",
]
Judge = Callable[[Case], Iterator[Suspect]]

UNSTABLE: tuple[Judge, ...] = (steps.pixels, steps.rate, steps.weights, steps.half)
JUDGES: dict[Symptom, tuple[Judge, ...]] = {
    "non-finite": UNSTABLE,
    "exploding": UNSTABLE,
    "dead": (steps.pixels, steps.rate, steps.weights, steps.slow),
    "collapse": (
        steps.pixels,
        steps.rate,
        steps.weights,
        steps.slow,
        classes.batches,
        classes.twice,
        classes.line,
    ),
    "memory": (amount.memory,),
    "no-signal": (steps.pixels, steps.rate, steps.weights, steps.slow, amount.rounds),
    "unmoved": (steps.pixels, steps.rate, steps.weights, steps.slow, amount.rounds),
    "probabilities": (classes.uncorrected, steps.weights, steps.pixels, steps.rate),
    "overfitting": (steps.rate, amount.by_heart),
}


def likeliest_causes(
    symptom: Symptom,
    settings: Settings,
    weights: Mapping[str, float],
    counts: Mapping[str, int],
    seen: Range | None = None,
) -> tuple[Cause, ...]:
    """Return what most likely caused ``symptom``, most likely first; never empty.

    ``settings`` are those that ran (no ``auto``), ``weights`` final and ``counts`` training images, both per
    class; ``seen`` is what the first layer saw, where that is known. A fix is settings for a new run.
    """
    case = Case(settings, weights, counts, seen)
    suspects = [suspect for judge in JUDGES[symptom] for suspect in judge(case) if suspect.excess > 1]
    suspects.sort(key=lambda suspect: suspect.excess, reverse=True)
    return tuple(suspect.cause for suspect in suspects) or (_otherwise(symptom, case),)


def _otherwise(symptom: Symptom, case: Case) -> Cause:
    """Return what is left where no setting is out of its range."""
    counts, fix, key = case.present, None, f"otherwise.{symptom}"
    smallest = min(counts, key=counts.__getitem__) if counts else ""
    if symptom in ("non-finite", "exploding", "dead"):
        fix = steps.slower(case.rate, case.rate / 10)
    elif symptom == "no-signal" and case.mode == "features":
        key += ".features"
        fix = Fix("Take the thorough way", {"model.mode": "finetune"})
    words = {
        "smallest": smallest,
        "count": count(counts.get(smallest, 0), "image"),
        "images": count(case.images, "training image"),
    }
    return replace(said(key, fix, **words), blamed=False)
