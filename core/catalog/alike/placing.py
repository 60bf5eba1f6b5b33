"""Lay one picture over another: how far it must be moved and stretched along each axis to fit best."""

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
"""float32 unless said otherwise."""
MOST_SHIFT, MOST_STRETCH = 0.12, 0.2
"""Shares of the side: beyond these, two pictures no longer are slight crops of each other."""


def place(first: Array, second: Array, start: Array, steps: int, blur: float) -> Array:
    """Return where ``second`` must be read to look like ``first``; both are [side, side].

    A place is [4]: shift and stretch along rows, then along columns; shifts in sides, 0 and 1 for pictures
    that fit as they are. Found by Gauss and Newton's method (Lucas and Kanade 1981) in at most ``steps``,
    after a Gaussian ``blur`` (pixels) of both; brightness and contrast are fitted along.
    """
    side = len(first)
    first, second = blurred(first, blur), blurred(second, blur)
    rim = round(0.06 * side)
    inner = slice(rim, side - rim)
    target = first[inner, inner].ravel()
    grid = _centred(side)[inner]
    found = start.astype(np.float64)
    for _ in range(steps):
        laid = lay(second, found)
        down = (laid[rim + 1 : side - rim + 1, inner] - laid[rim - 1 : side - rim - 1, inner]) / 2
        across = (laid[inner, rim + 1 : side - rim + 1] - laid[inner, rim - 1 : side - rim - 1]) / 2
        now = laid[inner, inner]
        basis = np.stack([down, down * grid[:, None], across, across * grid, now, np.ones_like(now)])
        basis = basis.reshape(6, -1)
        normal = (basis @ basis.T).astype(np.float64)
        normal += np.eye(6) * (1e-6 * np.trace(normal) + 1e-9)
        solved = np.linalg.solve(normal, (basis @ target).astype(np.float64))
        step = solved[:4] / (solved[4] if abs(solved[4]) > 0.1 else 1.0)
        step[::2] /= side
        found = np.clip(found + np.clip(step, -0.05, 0.05), _LOWEST, _HIGHEST)
        if np.abs(step).max() < _ENOUGH:
            break
    return found.astype(np.float32)


AS_IT_IS: Array = np.array([0, 1, 0, 1], np.float32)
_LOWEST = np.array([-MOST_SHIFT, 1 - MOST_STRETCH] * 2)
_HIGHEST = np.array([MOST_SHIFT, 1 + MOST_STRETCH] * 2)
_ENOUGH = 2.5e-4
"""Of the side: a fortieth of a pixel."""


def moved(placed: Array) -> float:
    """Return how far an edge of the second picture lies from the first's at most, in sides."""
    ends = np.array([-0.5, 0.5])
    return max(float(np.abs(shift + (stretch - 1) * ends).max()) for shift, stretch in placed.reshape(2, 2))


def lay(picture: Array, placed: Array) -> Array:
    """Read ``picture`` [side, side] at its place, linearly between pixels."""
    side = len(picture)
    laid: Array = _reader(side, *placed[:2]) @ picture @ _reader(side, *placed[2:]).T
    return laid


def _reader(side: int, shift: float, stretch: float) -> Array:
    """Return the matrix [side, side] that reads a line of pixels anew."""
    where = np.clip(shift * side + stretch * _centred(side) + (side - 1) / 2, 0, side - 1)
    low = np.minimum(where.astype(np.intp), side - 2)
    high_share = where - low
    reader = np.zeros((side, side), np.float32)
    rows = np.arange(side)
    reader[rows, low] = 1 - high_share
    reader[rows, low + 1] = high_share
    return reader


def blurred(picture: Array, sigma: float) -> Array:
    """Return ``picture`` [side, side] after a Gaussian blur (pixels); nothing counts beyond its border."""
    soft = _gaussian(len(picture), sigma)
    blurred: Array = soft @ picture @ soft.T
    return blurred


@lru_cache
def _centred(side: int) -> Array:
    centred: Array = (np.arange(side) - (side - 1) / 2).astype(np.float32)
    return centred


@lru_cache
def _gaussian(side: int, sigma: float) -> Array:
    apart = np.subtract.outer(np.arange(side), np.arange(side))
    weights = np.exp(-(apart**2) / (2 * sigma**2))
    blurring: Array = (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)
    return blurring
