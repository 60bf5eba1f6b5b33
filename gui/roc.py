"""What each threshold would mean: sensitivity and specificity from predictions. Pure numpy."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class RocCurve:
    """One-against-rest curve of one class, thresholds falling; an image counts from ``p >= threshold``."""

    thresholds: npt.NDArray[np.float64]
    sensitivity: npt.NDArray[np.float64]
    false_alarms: npt.NDArray[np.float64]
    """1 - specificity."""

    def nearest(self, false_alarms: float, sensitivity: float) -> int:
        """Return the index of the point nearest to a place in the plot."""
        far = (self.false_alarms - false_alarms) ** 2 + (self.sensitivity - sensitivity) ** 2
        return int(np.argmin(far))

    def at(self, threshold: float) -> int:
        """Return the index of the point that ``threshold`` decides like."""
        return int(np.searchsorted(-self.thresholds, -threshold, side="right")) - 1


def roc_curve(truth: npt.NDArray[np.bool_], scores: npt.NDArray[np.float64]) -> RocCurve | None:
    """Return the curve of ``scores`` [n] for ``truth`` [n]; None where a side has no image.

    The first point flags nobody (threshold infinity), the last everybody; equal scores move together.
    """
    positives, negatives = int(truth.sum()), int((~truth).sum())
    if not positives or not negatives:
        return None
    order = np.argsort(-scores, kind="stable")
    ranked, hits = scores[order], truth[order]
    last = np.r_[np.flatnonzero(np.diff(ranked)), ranked.size - 1]
    found, flagged = np.cumsum(hits)[last], last + 1
    return RocCurve(
        np.r_[np.inf, ranked[last]],
        np.r_[0.0, found / positives],
        np.r_[0.0, (flagged - found) / negatives],
    )


def predictive_values(
    sensitivity: float, specificity: float, prevalence: float
) -> tuple[float | None, float | None]:
    """Return positive and negative predictive value at ``prevalence`` (Bayes); None for an empty group.

    >>> ppv, npv = predictive_values(0.9, 0.9, 0.1)
    >>> round(ppv, 2), round(npv, 3)
    (0.5, 0.988)
    """
    true, false = sensitivity * prevalence, (1 - specificity) * (1 - prevalence)
    missed, cleared = (1 - sensitivity) * prevalence, specificity * (1 - prevalence)
    return (
        true / (true + false) if true + false else None,
        cleared / (cleared + missed) if cleared + missed else None,
    )
