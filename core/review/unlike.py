"""Images far from all others of their class: a wrong view, another organ, a photograph of a screen."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from counterpoise.core.training.features.feature_rows import Array

NEIGHBOURS = 5
MOST_COMPARED = 4000
"""Images of a class that each is compared with: more tell hardly more of what is usual."""
BLOCK = 1024
APART = 2.5
"""Standard deviations: of evenly spread images about one in 160 lies so far out."""
NORMAL = 1.4826
"""Standard deviation over median absolute deviation of a normal distribution."""


def unit_rows(features: Array) -> Array:
    """Return rows of length one, so that their products are cosines."""
    lengths = np.linalg.norm(features, axis=1, keepdims=True)
    return np.asarray(features / np.maximum(lengths, 1e-9), np.float32)


def distances(
    rows: Array,
    truth: NDArray[np.intp],
    units: NDArray[np.intp],
    tick: Callable[[], None] = lambda: None,
) -> NDArray[np.float64]:
    """Return how far each image [n] is from its neighbours in its class; the class's median is 1.

    The mean cosine distance to the nearest few of other units. ``rows`` are of length one. Where a class has
    but one unit there is nothing to compare with: 0. ``tick`` is called between blocks and may raise.
    """
    found = np.zeros(len(truth))
    for one in np.unique(truth):
        own = np.flatnonzero(truth == one)
        compared = own[np.linspace(0, len(own) - 1, min(len(own), MOST_COMPARED)).astype(np.intp)]
        for start in range(0, len(own), BLOCK):
            tick()
            block = own[start : start + BLOCK]
            found[block] = _to_nearest(rows, block, compared, units)
        usual = float(np.median(found[own]))
        if usual > 0:
            found[own] /= usual
    return found


def stand_apart(far: NDArray[np.float64], truth: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Return the images [n] whose distance is unusual for their class, not just the largest there is.

    By the median absolute deviation of each class, which a few strays don't move.
    """
    found = np.zeros(len(far), bool)
    for one in np.unique(truth):
        own = np.flatnonzero(truth == one)
        off = far[own] - np.median(far[own])
        found[own] = off > APART * NORMAL * np.median(np.abs(off))
    return found


def _to_nearest(
    rows: Array, block: NDArray[np.intp], compared: NDArray[np.intp], units: NDArray[np.intp]
) -> NDArray[np.float64]:
    alike = rows[block] @ rows[compared].T
    alike[units[block][:, None] == units[compared][None, :]] = -np.inf
    k = min(NEIGHBOURS, len(compared))
    nearest = np.partition(alike, len(compared) - k, axis=1)[:, len(compared) - k :].astype(np.float64)
    there = np.isfinite(nearest)
    total = np.where(there, 1 - nearest, 0.0).sum(axis=1)
    return np.asarray(total / np.maximum(there.sum(axis=1), 1))
