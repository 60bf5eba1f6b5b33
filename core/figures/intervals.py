"""95 % intervals that stay honest at the edges."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

Z = 1.959963984540054
"""Standard normal quantile of .975."""


@dataclass(frozen=True)
class Metric:
    """A figure with its 95 % interval; None where it can't be computed."""

    value: float | None = None
    low: float | None = None
    high: float | None = None

    def to_json(self) -> dict[str, float | None]:
        return {"value": self.value, "low": self.low, "high": self.high}


def wilson(successes: float, n: float) -> tuple[float, float]:
    """Return Wilson's score interval of a proportion (Wilson, JASA 1927); ``n`` above 0.

    >>> [round(bound, 3) for bound in wilson(18, 20)]
    [0.699, 0.972]
    """
    p = successes / n
    centre = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z / (1 + Z * Z / n) * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    return (0.0 if p == 0 else max(0.0, centre - half)), (1.0 if p == 1 else min(1.0, centre + half))


def proportion(successes: int, n: int) -> Metric:
    """Return a proportion of independent images with Wilson's interval."""
    return Metric(successes / n, *wilson(successes, n)) if n else Metric()


def from_resamples(value: float | None, samples: ArrayLike, fallback_n: float = 0.0) -> Metric:
    """Return the percentile interval of a bootstrap (NaN samples are left out).

    Where all resamples agree (but for a few, such as those that a rare class is missing from) they say
    nothing about the spread; a proportion then has Wilson's interval with ``fallback_n``, the number of
    groups (0: no proportion, no interval).
    """
    if value is None:
        return Metric()
    drawn = np.asarray(samples, np.float64)
    drawn = drawn[np.isfinite(drawn)]
    low, high = np.percentile(drawn, [2.5, 97.5]) if len(drawn) else (value, value)
    if high - low < 1e-12:
        return Metric(value, *wilson(value * fallback_n, fallback_n)) if fallback_n else Metric(value)
    return Metric(value, min(float(low), value), max(float(high), value))


def logit_interval(value: float, standard_error: float) -> tuple[float, float]:
    """Return the interval that is symmetric on the logit scale; ``value`` strictly between 0 and 1.

    It never leaves 0 to 1 and covers better near the edges than the plain one (Pepe, The Statistical
    Evaluation of Medical Tests, 2003, 5.2).
    """
    centre = math.log(value / (1 - value))
    half = Z * standard_error / (value * (1 - value))
    return 1 / (1 + math.exp(min(half - centre, 700))), 1 / (1 + math.exp(-centre - half))


def newcombe_auc(value: float, positives: int, negatives: int) -> tuple[float, float]:
    """Return a score interval of an AUC from its value and the group sizes alone.

    Method 5 of Newcombe, Statistics in Medicine 2006, 25:559: all t with (AUC - t)^2 <= z^2 V(t), V of
    Hanley and McNeil. Has a width at an AUC of 1 too, where DeLong's has none.
    """
    n = (positives + negatives) / 2 - 1

    def outside(t: float) -> bool:
        spread = 1 + n * (1 - t) / (2 - t) + n * t / (1 + t)
        return (value - t) ** 2 > Z * Z * t * (1 - t) * spread / (positives * negatives)

    def edge(inner: float, outer: float) -> float:
        if not outside(outer):
            return outer
        for _ in range(60):
            middle = (inner + outer) / 2
            inner, outer = (inner, middle) if outside(middle) else (middle, outer)
        return inner

    # At the very edges V is 0 and the edge itself is outside unless the AUC lies there.
    return (0.0 if value == 0 else edge(value, 0.0)), (1.0 if value == 1 else edge(value, 1.0))
