"""Class weights: computed from the counts of the training part, capped, normalised."""

import math
from collections.abc import Mapping

from counterpoise.core.settings import WeightingSettings

EFFECTIVE_NUMBER_BETA = 0.999
"""Cui et al., Class-Balanced Loss Based on Effective Number of Samples, CVPR 2019: their value for sets of
hundreds to thousands of images per class."""
MILD_RATIO = 3.0
"""Up to this ratio of largest to smallest class nothing is weighted by default."""


def imbalance(counts: Mapping[str, int]) -> float:
    """Return the largest class over the smallest (an empty class counts as one image)."""
    sizes = [max(number, 1) for number in counts.values()]
    return max(sizes) / min(sizes) if sizes else 1.0


def resolve_weighting(counts: Mapping[str, int], weighting: WeightingSettings) -> WeightingSettings:
    """Return the settings with ``auto`` replaced: none under a ratio of 3, else inverse square root.

    With balanced sampling ``auto`` is none: a rare class is never lifted twice.
    """
    if weighting.method != "auto":
        return weighting
    lifted = weighting.sampling == "balanced" or imbalance(counts) < MILD_RATIO
    return weighting.model_copy(update={"method": "none" if lifted else "inverse_sqrt"})


def class_weights(counts: Mapping[str, int], weighting: WeightingSettings) -> dict[str, float]:
    """Return the final weight of every class of ``counts`` (images per class of the training part).

    With n images in k classes, n_c of class c: balanced n / (k n_c); inverse_sqrt its square root;
    effective_number (1 - b) / (1 - b^n_c). Computed weights lie at most ``max_ratio`` apart, large ones
    being lowered; custom ones are only normalised, and a class they miss counts 1. Invalid custom values
    come back as they are: the checks judge them first.

    >>> class_weights({"a": 90, "b": 10}, WeightingSettings(method="balanced", normalize="none"))
    {'a': 0.5555555555555556, 'b': 5.0}
    """
    weighting = resolve_weighting(counts, weighting)
    if weighting.method == "custom":
        raw = {label: float(weighting.custom.get(label, 1.0)) for label in counts}
        if not all(math.isfinite(weight) and weight > 0 for weight in raw.values()):
            return raw
    else:
        raw = {label: _computed(max(n_c, 1), counts, weighting.method) for label, n_c in counts.items()}
        raw = _capped(raw, weighting.max_ratio)
    return _normalised(raw, counts, weighting.normalize)


def mean_weight(counts: Mapping[str, int], weights: Mapping[str, float]) -> float:
    """Return the mean weight of a training image: what the learning rate is multiplied by."""
    images = sum(counts.values())
    return sum(counts[label] * weights[label] for label in counts) / images if images else 1.0


def _computed(n_c: int, counts: Mapping[str, int], method: str) -> float:
    balanced = sum(counts.values()) / (len(counts) * n_c)
    if method == "balanced":
        return balanced
    if method == "inverse_sqrt":
        return math.sqrt(balanced)
    if method == "effective_number":
        return (1 - EFFECTIVE_NUMBER_BETA) / (1 - EFFECTIVE_NUMBER_BETA**n_c)
    return 1.0


def _capped(weights: dict[str, float], max_ratio: float) -> dict[str, float]:
    if not weights:
        return weights
    most = min(weights.values()) * max_ratio
    return {label: min(weight, most) for label, weight in weights.items()}


def _normalised(weights: dict[str, float], counts: Mapping[str, int], normalize: str) -> dict[str, float]:
    """mean_one: mean over training images one; sum_one: sum over classes one."""
    if normalize == "none" or not weights:
        return weights
    divisor = mean_weight(counts, weights) if normalize == "mean_one" else sum(weights.values())
    # Weights near the largest number there is make sums that are not finite; the checks name them.
    if not (math.isfinite(divisor) and divisor > 0):
        return weights
    return {label: weight / divisor for label, weight in weights.items()}
