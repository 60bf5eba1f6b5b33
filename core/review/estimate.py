"""How many labels are wrong, from how often and how surely others disagree with them.

A model's own mistakes are no wrong labels: it hesitates there. What it is sure of and the label contradicts
is. Both are fitted together: the label is the one the model expects (its probabilities sharpened or flattened
by a temperature), but for a share of labels that are any other class. (Counting disagreements as confident
learning does, Northcutt et al. 2021, told 90 wrong labels of 5,214 chest X-rays without a planted one; this
told 0, and 42, 89 and 240 (means) where 52, 104 and 261 were planted: tests/benchmarks/label_doubts.py.)
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq, minimize_scalar

from counterpoise.core.review.out_of_fold import Probabilities
from counterpoise.core.review.result import Estimate

Vector = NDArray[np.float64]
MOST = 20_000
"""Images that it is fitted on; the interval is that of so many."""
WITHIN = 1.92
"""What the log-likelihood may lie below its maximum in a 95 % interval: half of 3.84, chi-square of one."""
LOWEST, HIGHEST = 1e-6, 0.6
"""Share of wrong labels."""
USUAL = 0.033
"""The mean of what is expected before anything is seen, falling off exponentially: that of ten known sets
(Northcutt, Athalye, Mueller 2021, arXiv 2103.14749). It only matters where images say little."""
COOLEST, HOTTEST = 0.2, 5.0


@dataclass(frozen=True)
class _Seen:
    """What is fitted: log-probabilities [n, k], labels [n], and the units [n] that belong together."""

    logs: Vector
    truth: NDArray[np.intp]
    units: NDArray[np.intp]

    def own(self, temperature: float) -> Vector:
        """Return the probability [n] of each label at a temperature."""
        logits = self.logs / temperature
        logits = logits - logits.max(axis=1, keepdims=True)
        powers = np.exp(logits)
        own: Vector = powers[np.arange(len(self.truth)), self.truth] / powers.sum(axis=1)
        return own

    def best(self, share: float) -> tuple[float, float]:
        """Return how well ``share`` fits, as a logarithm, at the temperature that suits it, and that."""

        def cost(log: float) -> float:
            return -float(np.log(self.likelihood(share, self.own(float(np.exp(log))))).sum())

        bounds = (float(np.log(COOLEST)), float(np.log(HOTTEST)))
        found = minimize_scalar(cost, bounds=bounds, method="bounded", options={"xatol": 0.02, "maxiter": 15})
        return -float(found.fun) - share / USUAL, float(np.exp(found.x))

    def likelihood(self, share: float, own: Vector) -> Vector:
        """Return the probability [n] of seeing each label, where ``share`` of all are any other class."""
        seen: Vector = (1 - share) * own + share * (1 - own) / max(self.logs.shape[1] - 1, 1)
        return np.maximum(seen, 1e-300)


def estimate(probabilities: Probabilities, truth: NDArray[np.intp], units: NDArray[np.intp]) -> Estimate:
    """Return how many of the labels ``truth`` [n] are wrong; ``probabilities`` [n, k] are out-of-fold.

    They come from models that learned from these labels as they are (``Passes.first``). Images of a unit are
    no independent witnesses: the interval is widened by how much they agree.
    """
    count = len(truth)
    if count == 0:
        return Estimate(0, 0, 0, 0)
    chosen = np.linspace(0, count - 1, min(count, MOST)).astype(np.intp)
    seen = _Seen(np.log(np.maximum(probabilities[chosen], 1e-12)), truth[chosen], units[chosen])
    share = _likeliest(seen)
    low, high = _interval(seen, share)
    return Estimate(round(share * count), int(np.floor(low * count)), int(np.ceil(high * count)), count)


def _likeliest(seen: _Seen) -> float:
    """Return the share of the greatest likelihood: the best of a few, then between its neighbours."""
    grid = np.log(np.geomspace(LOWEST, HIGHEST, 12))
    best = int(np.argmax([seen.best(float(np.exp(log)))[0] for log in grid]))
    bounds = (float(grid[max(best - 1, 0)]), float(grid[min(best + 1, len(grid) - 1)]))
    found = minimize_scalar(
        lambda log: -seen.best(float(np.exp(log)))[0],
        bounds=bounds,
        method="bounded",
        options={"xatol": 0.02},
    )
    return float(np.exp(found.x))


def _interval(seen: _Seen, share: float) -> tuple[float, float]:
    """Return the shares whose likelihood, each at its own best temperature, lies close enough to the best."""
    top, temperature = seen.best(share)
    widened = WITHIN * _design(seen, share, temperature)

    def lacks(log: float) -> float:
        return top - seen.best(float(np.exp(log)))[0] - widened

    middle, lowest, highest = (float(np.log(value)) for value in (share, LOWEST, HIGHEST))
    low = float(np.exp(brentq(lacks, lowest, middle, xtol=0.02))) if lacks(lowest) > 0 else 0.0
    high = float(np.exp(brentq(lacks, middle, highest, xtol=0.02))) if lacks(highest) > 0 else HIGHEST
    return low, high


def _design(seen: _Seen, share: float, temperature: float) -> float:
    """Return by how much the images of a unit say the same: the variance of their sums over that of singles.

    The sandwich of cluster-robust errors (Liang and Zeger 1986), for the share; 1 at least.
    """
    at = max(share, 1 / len(seen.truth))
    own = seen.own(temperature)
    slope = ((1 - own) / max(seen.logs.shape[1] - 1, 1) - own) / seen.likelihood(at, own)
    slope = slope - slope.mean()
    _, unit = np.unique(seen.units, return_inverse=True)
    sums = np.bincount(unit, slope)
    alone = float(np.square(slope).sum())
    return max(1.0, float(np.square(sums).sum()) / alone) if alone > 0 else 1.0
