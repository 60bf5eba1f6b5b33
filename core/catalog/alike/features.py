"""Sketches as rows whose products tell how alike they are, also where one is a slight crop of the other."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from counterpoise.core.catalog.alike.sketch import SIDE

Array = NDArray[Any]
"""float32."""

DIMENSIONS, FEWER = 48, 32
"""Of 256; they hold 88 to 94 (81 to 90) % of what differs between sketches, measured on four real sets."""
SOME = 1000
"""Pictures from which on ``DIMENSIONS`` can be chosen by their spread."""
MANY = 25_000
"""Pictures from which on time counts: ``FEWER`` dimensions, no ``CORNER``, no mirror images."""
MARGIN = 0.06
"""Share of each side that a cropped query leaves out around the middle: with it, crops of up to 8 % of a side
come among the nearest eight in 98 % (tests/benchmarks/near_copies.py)."""
CORNER = 0.045
"""The same for queries cut off at two sides."""
_MEAN_OF = 8.0
"""The mean picture of a set is trusted like the mean of so many less: in small sets it is the copies'."""
_CHUNK = 4096


class Features(NamedTuple):
    """Unit rows [n, d] whose products are correlations."""

    own: Array
    cropped: list[Array]
    """The same with a margin off, one array for each way."""
    mirrored: Array | None
    """Left and right changed; None in large sets."""


def features(sketches: NDArray[np.uint8]) -> Features:
    """Return the features of ``sketches`` [n, 256].

    What all pictures of the set have in common (their mean) is taken off first.
    """
    count = len(sketches)
    mean = sum(rows.sum(axis=0) for rows in _chunks(sketches)) / np.float32(count + _MEAN_OF)
    axes = _axes(sketches, mean) if count >= SOME else None

    def feature(rows: Array) -> Array:
        return _unit((rows - mean) @ axes if axes is not None else rows - mean)

    own = np.concatenate([feature(rows) for rows in _chunks(sketches)])
    every = []
    for down, across in _crops(count):
        cropped = (down @ rows.reshape(-1, SIDE, SIDE) @ across.T for rows in _chunks(sketches))
        every.append(np.concatenate([feature(_varying(each.reshape(-1, SIDE**2))) for each in cropped]))
    if count >= MANY:
        return Features(own, every, None)
    flipped = (rows.reshape(-1, SIDE, SIDE)[:, :, ::-1].reshape(-1, SIDE**2) for rows in _chunks(sketches))
    return Features(own, every, np.concatenate([feature(rows) for rows in flipped]))


def _chunks(sketches: NDArray[np.uint8]) -> Iterator[Array]:
    for start in range(0, len(sketches), _CHUNK):
        yield _varying(sketches[start : start + _CHUNK].astype(np.float32))


def _axes(sketches: NDArray[np.uint8], mean: Array) -> Array:
    """Return the directions [256, d] along which sketches differ most (principal components)."""
    spread = sum(((rows - mean).T @ (rows - mean)).astype(np.float64) for rows in _chunks(sketches))
    kept = DIMENSIONS if len(sketches) < MANY else FEWER
    axes: Array = np.linalg.eigh(np.asarray(spread))[1][:, -kept:].astype(np.float32)
    return axes


def _crops(count: int) -> Iterator[tuple[Array, Array]]:
    """Yield what reads rows and columns of a crop: of the middle, of each corner."""
    yield (_reader(MARGIN, 0.0),) * 2
    if count < MANY:
        ends = _reader(CORNER, -0.5), _reader(CORNER, 0.5)
        yield from ((down, across) for down in ends for across in ends)


def _varying(rows: Array) -> Array:
    return _unit(rows - rows.mean(axis=1, keepdims=True))


def _unit(rows: Array) -> Array:
    scaled: Array = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), np.float32(1e-6))
    return scaled


def _reader(margin: float, towards: float) -> Array:
    """Return the matrix [SIDE, SIDE] that reads a line of fields less ``margin``, linearly between them.

    ``towards`` is where it is taken off: 0 at both ends alike, -0.5 at the end, 0.5 at the start.
    """
    middle = (SIDE - 1) / 2
    where = (np.arange(SIDE) - middle) * (1 - margin) + middle + towards * margin * SIDE
    where = np.clip(where, 0, SIDE - 1)
    reader: Array = np.maximum(0, 1 - np.abs(where[:, None] - np.arange(SIDE))).astype(np.float32)
    return reader
