"""Resampling groups (patients) with replacement, in blocks of bounded memory."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 1000
FEWEST = 200
BLOCK_VALUES = 500_000
"""Values of one block of weights: 4 MB of float64."""
MOST_VALUES = 50_000_000
"""Images times resamples: beyond it fewer resamples are drawn, whose interval is hardly less exact."""


def group_numbers(groups: Sequence[str]) -> tuple[NDArray[np.intp], int]:
    """Return the group of each image as a number, and how many there are; an unknown one is its own.

    >>> group_numbers(["b", "a", "b", ""])[1]
    3
    """
    numbers: dict[str, int] = {}
    result = np.empty(len(groups), np.intp)
    unknown = 0
    for position, group in enumerate(groups):
        if group:
            result[position] = numbers.setdefault(group, len(numbers))
        else:
            unknown += 1
            result[position] = -unknown
    result[result < 0] = len(numbers) - 1 - result[result < 0]
    return result, len(numbers) + unknown


def resampled_weights(numbers: NDArray[np.intp], groups: int, seed: int) -> Iterator[NDArray[np.float64]]:
    """Yield blocks [resamples of this block, images]: how often each image is in each resample.

    Whole groups are drawn with replacement, as many as there are (Davison and Hinkley, Bootstrap Methods
    and their Application, 1997, 3.8: the cluster bootstrap).
    """
    images = len(numbers)
    left = int(np.clip(MOST_VALUES // max(images, 1), FEWEST, RESAMPLES))
    rng = np.random.default_rng(seed)
    rows_at_once = max(1, BLOCK_VALUES // max(images, 1))
    while left:
        rows = min(rows_at_once, left)
        drawn = rng.integers(0, groups, (rows, groups)) + np.arange(rows)[:, np.newaxis] * groups
        counts = np.bincount(drawn.ravel(), minlength=rows * groups).reshape(rows, groups)
        yield counts[:, numbers].astype(np.float64)
        left -= rows
