"""Whether probabilities mean what they say."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from counterpoise.core.figures.resample import BLOCK_VALUES, MOST_VALUES, RESAMPLES

BINS = 15
FEWEST = 50
"""Resamples at least, whatever the number of images."""


def brier_losses(probabilities: ArrayLike, truth: ArrayLike) -> NDArray[np.float64]:
    """Return per image the squared error summed over classes, 0 to 2 (Brier, Monthly Weather Review 1950)."""
    errors = np.array(probabilities, np.float64)
    errors[np.arange(len(errors)), np.asarray(truth, np.intp)] -= 1
    return np.asarray(np.square(errors).sum(axis=1))


class TopLabelCalibration:
    """Expected calibration error of the most probable class (Guo et al., ICML 2017).

    15 bins of equal width; in each the distance of mean confidence and share right, weighted by its images.
    """

    def __init__(self, probabilities: ArrayLike, truth: ArrayLike) -> None:
        p = np.asarray(probabilities, np.float64)
        top = p.argmax(axis=1)
        confidence = p[np.arange(len(p)), top]
        bins = np.clip(np.ceil(confidence * BINS).astype(int) - 1, 0, BINS - 1)
        order = np.argsort(bins, kind="stable")
        self._confidence = confidence[order]
        self._right = (top == np.asarray(truth))[order]
        self._starts = np.flatnonzero(np.diff(bins[order], prepend=-1))
        self._mean_confidence = np.add.reduceat(self._confidence, self._starts)

    def error(self) -> float:
        """Return the error, 0 to 1."""
        return float(self._errors(self._right[np.newaxis])[0])

    def expected_if_calibrated(self, seed: int = 0, resamples: int = RESAMPLES) -> float:
        """Return the mean error of labels drawn from the probabilities themselves.

        Chance alone gives a calibrated model an error above 0, so that an interval about the error would
        leave out the truth; this is what to compare it with.
        """
        rng = np.random.default_rng(seed)
        n = len(self._confidence)
        resamples = int(np.clip(MOST_VALUES // n, FEWEST, resamples))
        rows_at_once = max(1, BLOCK_VALUES // n)
        total = 0.0
        for start in range(0, resamples, rows_at_once):
            rows = min(rows_at_once, resamples - start)
            total += float(self._errors(rng.random((rows, n)) < self._confidence).sum())
        return total / resamples

    def _errors(self, right: NDArray[np.bool_]) -> NDArray[np.float64]:
        hits = np.add.reduceat(right.astype(np.float64), self._starts, axis=1)
        return np.asarray(np.abs(hits - self._mean_confidence).sum(axis=1) / len(self._confidence))
