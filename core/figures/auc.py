"""The area under the ROC curve: value, DeLong's interval, bootstrap by patient."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from counterpoise.core.figures.confusion import ratio
from counterpoise.core.figures.intervals import Metric, logit_interval, newcombe_auc

Placement = NDArray[np.float64]


def placements(scores: NDArray[np.float64], is_positive: NDArray[np.bool_]) -> tuple[Placement, Placement]:
    """Return for each positive the share of negatives below it, for each negative that of positives above.

    Ties count half (DeLong, DeLong, Clarke-Pearson, Biometrics 1988, 44:837).
    """
    positives, negatives = np.sort(scores[is_positive]), np.sort(scores[~is_positive])

    def share(values: NDArray[np.float64], of: NDArray[np.float64]) -> Placement:
        below = np.searchsorted(of, values, "left") + np.searchsorted(of, values, "right")
        return np.asarray(below / (2 * len(of)), np.float64)

    return share(scores[is_positive], negatives), 1 - share(scores[~is_positive], positives)


def one_against_rest(probabilities: ArrayLike, truth: ArrayLike) -> list[float | None]:
    """Return the AUC of each class against all others; None where one side is empty.

    ``probabilities`` [n, k], ``truth`` [n].
    """
    p, y = np.asarray(probabilities, np.float64), np.asarray(truth)
    values: list[float | None] = []
    for c in range(p.shape[1]):
        is_c = y == c
        above = placements(p[:, c], is_c)[0] if is_c.any() and not is_c.all() else None
        values.append(None if above is None else float(above.mean()))
    return values


def mean_auc(probabilities: ArrayLike, truth: ArrayLike) -> float | None:
    """Return the unweighted mean of the one-against-rest AUCs that can be computed.

    With two classes that is the AUC itself: both are equal.
    """
    values = [value for value in one_against_rest(probabilities, truth) if value is not None]
    return sum(values) / len(values) if values else None


def delong(probabilities: ArrayLike, truth: ArrayLike) -> tuple[list[Metric], Metric]:
    """Return each class's AUC and their mean with DeLong's interval, for independent images.

    The variance of the mean adds up what every image moves in all AUCs together, so it knows that they
    stand on the same images; for one AUC it is DeLong's. Intervals are taken on the logit scale; where the
    variance is 0, or a side has one image, by Newcombe's score method.
    """
    p, y = np.asarray(probabilities, np.float64), np.asarray(truth)
    metrics: list[Metric] = []
    influence = np.zeros(len(y))
    sizes: list[tuple[int, int]] = []
    for c in range(p.shape[1]):
        is_c = y == c
        m, n = int(is_c.sum()), int((~is_c).sum())
        if not m or not n:
            metrics.append(Metric())
            continue
        above, below = placements(p[:, c], is_c)
        value = float(above.mean())
        here = np.empty(len(y))
        here[is_c] = (above - value) / m * _sample_factor(m)
        here[~is_c] = (below - value) / n * _sample_factor(n)
        metrics.append(_with_interval(value, here, (m, n)))
        influence += here
        sizes.append((m, n))
    if not sizes:
        return metrics, Metric()
    values = [metric.value for metric in metrics if metric.value is not None]
    mean = sum(values) / len(values)
    return metrics, _with_interval(mean, influence / len(sizes), min(sizes, key=min))


def _sample_factor(n: int) -> float:
    """Turn a variance over n into one over n - 1."""
    return math.sqrt(n / (n - 1)) if n > 1 else 1.0


def _with_interval(value: float, influence: NDArray[np.float64], sizes: tuple[int, int]) -> Metric:
    variance = float(influence @ influence)
    if min(sizes) < 2 or variance < 1e-15 or not 0 < value < 1:
        return Metric(value, *newcombe_auc(value, *sizes))
    return Metric(value, *logit_interval(value, math.sqrt(variance)))


class WeightedAuc:
    """The AUC of one class for many weightings of the same images at once: sorted once, then sums."""

    def __init__(self, scores: NDArray[np.float64], is_positive: NDArray[np.bool_]) -> None:
        self._order = np.argsort(scores, kind="stable")
        ranked = scores[self._order]
        self._is_positive = is_positive[self._order]
        starts = np.flatnonzero(np.concatenate([[True], ranked[1:] != ranked[:-1]]))
        self._starts = starts if len(starts) < len(scores) else None
        """Where each distinct score begins; None without ties."""

    def __call__(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return AUCs [resamples] for weights [resamples, images]; NaN where a side is empty."""
        ranked = weights[:, self._order]
        positives = ranked * self._is_positive
        negatives = ranked - positives
        if self._starts is not None:
            positives = np.add.reduceat(positives, self._starts, axis=1)
            negatives = np.add.reduceat(negatives, self._starts, axis=1)
        below = np.cumsum(negatives, axis=1) - negatives / 2
        pairs = positives.sum(axis=1) * negatives.sum(axis=1)
        above = np.einsum("ij,ij->i", positives, below)
        return ratio(above, pairs)
