"""What makes one class win everywhere: batches that miss others, lifting twice, where the line lies."""

import math
from collections.abc import Iterator

from counterpoise.core.findings import Fix
from counterpoise.core.findings.words import count, percent
from counterpoise.core.safety.causes.case import Case, Suspect, said
from counterpoise.core.safety.resolve import LARGEST_AUTO_BATCH
from counterpoise.core.safety.rules.batch_misses_minority import HALF, odds_of_none
from counterpoise.core.safety.rules.weighting_twice import EQUAL_WITHIN

STRICT_TARGET = 0.95
"""A sensitivity or specificity from here on is often reached by the same answer for everyone alone."""


def batches(case: Case) -> Iterator[Suspect]:
    """Batches that seldom hold the rarest class."""
    counts, batch = case.present, int(case.settings.training.batch_size)
    if len(counts) < 2 or case.settings.weighting.sampling == "balanced":
        return
    label = min(counts, key=counts.__getitem__)
    odds = odds_of_none(case.images, counts[label], min(batch, case.images))
    enough = math.ceil(math.log(HALF) / math.log1p(-counts[label] / case.images))
    larger = min(1 << (enough - 1).bit_length(), case.images)
    fix = (
        Fix(f"Use batches of {larger}", {"training.batch_size": larger})
        if batch < larger <= LARGEST_AUTO_BATCH
        else Fix(
            "Draw the classes equally often", {"weighting.sampling": "balanced", "weighting.method": "none"}
        )
    )
    words = {"share": percent(odds), "batch": batch, "label": label, "count": count(counts[label], "image")}
    yield Suspect(odds / HALF, said("batches", fix, **words))


def twice(case: Case) -> Iterator[Suspect]:
    """Weights on top of balanced sampling."""
    weights = case.finite_weights
    ratio = max(weights.values()) / min(weights.values())
    if case.settings.weighting.sampling == "balanced" and ratio > EQUAL_WITHIN:
        fix = Fix("Keep the sampling, drop the weights", {"weighting.method": "none"})
        yield Suspect(ratio, said("twice", fix, ratio=f"{ratio:.3g}"))


def line(case: Case) -> Iterator[Suspect]:
    """A line that the same answer for all images reaches best."""
    evaluation, counts = case.settings.evaluation, case.present
    fix = Fix("Draw the line in the balance", {"evaluation.operating_point": "balanced"})
    rule, target = evaluation.operating_point, evaluation.target
    if rule in ("sensitivity", "specificity") and target is not None and target > STRICT_TARGET:
        excess = 1 + (target - STRICT_TARGET) / (1 - target)
        yield Suspect(excess, said("target", fix, rule=rule, target=f"{target:g}"))
    if rule == "argmax" and counts and case.settings.weighting.correct_prior:
        largest = max(counts, key=counts.__getitem__)
        share = counts[largest] / case.images
        # Above one half it wins wherever the images say little.
        yield Suspect(share / HALF, said("argmax", fix, largest=largest, share=percent(share)))


def uncorrected(case: Case) -> Iterator[Suspect]:
    """Weights or drawing that were not taken out of the probabilities again."""
    weighting, known = case.settings.weighting, case.finite_weights
    ratio = max(known.values()) / min(known.values())
    if weighting.sampling == "balanced" and case.present:
        ratio *= max(case.present.values()) / min(case.present.values())
    if weighting.correct_prior:
        return
    fix = Fix("Correct the probabilities", {"weighting.correct_prior": True})
    yield Suspect(ratio, said("uncorrected", fix, ratio=f"{ratio:,.3g}"))
