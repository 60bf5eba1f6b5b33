"""Everything that follows from a confusion matrix, for one or for many resampled ones."""

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]


def confusion_matrix(truth: NDArray[np.intp], predicted: NDArray[np.intp], classes: int) -> NDArray[np.int64]:
    """Return counts [classes, classes], the truth in rows."""
    cells = np.bincount(truth * classes + predicted, minlength=classes * classes)
    return cells.reshape(classes, classes).astype(np.int64)


def ratio(part: Values, whole: Values) -> Values:
    """Return ``part`` / ``whole``; NaN where ``whole`` is 0."""
    nothing = np.full(np.broadcast(part, whole).shape, np.nan)
    return np.asarray(np.divide(part, whole, out=nothing, where=whole > 0))


class Rates:
    """Rates per class [..., k] of confusion matrices [..., k, k]; NaN where there is nothing to divide by."""

    def __init__(self, matrices: NDArray[np.generic]) -> None:
        counts = np.asarray(matrices, np.float64)
        self.right = np.diagonal(counts, axis1=-2, axis2=-1)
        self.true = counts.sum(axis=-1)
        """Images that are of the class."""
        self.called = counts.sum(axis=-2)
        """Images that are called so."""
        self.all = counts.sum(axis=(-2, -1))[..., np.newaxis]
        self.rightly_not = self.all - self.true - self.called + self.right

    @property
    def sensitivity(self) -> Values:
        return ratio(self.right, self.true)

    @property
    def specificity(self) -> Values:
        return ratio(self.rightly_not, self.all - self.true)

    @property
    def ppv(self) -> Values:
        return ratio(self.right, self.called)

    @property
    def npv(self) -> Values:
        return ratio(self.rightly_not, self.all - self.called)

    @property
    def accuracy(self) -> Values:
        """[...]"""
        return ratio(self.right.sum(axis=-1), self.all[..., 0])

    @property
    def balanced_accuracy(self) -> Values:
        """[...]; the mean sensitivity of the classes that are there."""
        return _mean_of_known(self.sensitivity)

    @property
    def macro_f1(self) -> Values:
        """[...]; 2 TP / (2 TP + FP + FN), averaged over classes that are there or are called."""
        return _mean_of_known(ratio(2 * self.right, self.true + self.called))


def _mean_of_known(rates: Values) -> Values:
    known = np.isfinite(rates)
    return ratio(np.where(known, rates, 0).sum(axis=-1), known.sum(axis=-1).astype(np.float64))
