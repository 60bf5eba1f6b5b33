"""The nearest neighbours of every picture by its sketch: all pairs, in blocks."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from counterpoise.core.catalog.alike.features import Array, features

Numbers = NDArray[np.int32]

NEIGHBOURS = 8
BLOCK, STRETCHES = 64, 64
"""Rows compared at a time, and parts that a row is looked through in."""
MOST_THREADS = 4
"""Each takes some 60 MB for 100,000 pictures."""


@dataclass(frozen=True)
class Neighbours:
    """The most similar pictures of each, the most similar first."""

    which: Numbers
    """[n, k]."""
    similarity: Array
    """[n, k]: correlation of what differs from the mean picture, -1 to 1; -2 where there is none."""
    mirror: Numbers
    """[n]: the picture that is most like the mirror image of each."""
    mirror_similarity: Array
    """[n]; -2 where it wasn't looked for."""


def nearest(
    sketches: NDArray[np.uint8],
    group: Numbers | None = None,
    pulse: Callable[[float], None] = lambda _: None,
) -> Neighbours:
    """Return the nearest pictures of each of ``sketches`` [n, 256], also as slight crops of each other.

    Pictures of the same ``group`` [n] (0 and more; -1 for none) are no neighbours. ``pulse`` hears the
    share done before each block and may raise. Memory stays below some 300 MB for 100,000 pictures.
    """
    count = len(sketches)
    if count < 2:
        return Neighbours(*_nothing(count, 0))
    own, cropped, mirrored = features(sketches)
    k = min(NEIGHBOURS, count - 1)
    found = Neighbours(*_nothing(count, k))
    members = _members(group)

    def look(rows: NDArray[np.intp]) -> None:
        alike = own[rows] @ own.T
        for query in cropped:
            np.maximum(alike, query[rows] @ own.T, out=alike)
        forbidden = _forbidden(rows, group, members)
        alike[forbidden] = -2
        found.which[rows], found.similarity[rows] = _largest(alike, k)
        if mirrored is not None:
            alike = mirrored[rows] @ own.T
            alike[forbidden] = -2
            found.mirror[rows], found.mirror_similarity[rows] = alike.argmax(axis=1), alike.max(axis=1)

    blocks = [np.arange(start, min(start + BLOCK, count)) for start in range(0, count, BLOCK)]
    # One thread for each block: the many small products of one after the other don't fill two cores.
    with threadpool_limits(1, "blas"), ThreadPoolExecutor(min(MOST_THREADS, os.cpu_count() or 1)) as pool:
        waiting = [pool.submit(look, rows) for rows in blocks]
        try:
            for done, block in enumerate(waiting):
                pulse(done / len(blocks))
                block.result()
        finally:
            for block in waiting:
                block.cancel()
    return found


def _nothing(count: int, k: int) -> tuple[Numbers, Array, Numbers, Array]:
    shapes = (count, k), (count,)
    (which, alike), (mirror, mirrored) = ((np.zeros(s, np.int32), np.full(s, -2, np.float32)) for s in shapes)
    return which, alike, mirror, mirrored


def _members(group: Numbers | None) -> list[NDArray[np.intp]]:
    if group is None or not (group >= 0).any():
        return []
    order = np.argsort(group, kind="stable")
    bounds = np.searchsorted(group[order], np.arange(group.max() + 2))
    return [order[a:b] for a, b in pairwise(bounds)]


def _forbidden(
    rows: NDArray[np.intp], group: Numbers | None, members: Sequence[NDArray[np.intp]]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return places in a block of ``rows`` (row within it, column) that are no pairs."""
    its_group = group[rows] if group is not None else np.full(len(rows), -1)
    columns = [members[g] if g >= 0 else rows[i : i + 1] for i, g in enumerate(its_group)]
    within = np.repeat(np.arange(len(rows)), [len(each) for each in columns])
    return within, np.concatenate(columns)


def _largest(alike: Array, k: int) -> tuple[NDArray[np.intp], Array]:
    """Return the ``k`` largest of each row, in order.

    A row is looked through in interleaved stretches: the largest lie in the columns whose largest stretch
    is largest, and only those are sorted.
    """
    rows, count = alike.shape
    columns = count // STRETCHES
    if columns < 4 * k:
        found = np.broadcast_to(np.arange(count), alike.shape)
    else:
        whole = columns * STRETCHES
        tops = alike[:, :whole].reshape(rows, STRETCHES, columns).max(axis=1)
        best = np.argpartition(tops, columns - k, axis=1)[:, columns - k :]
        found = (best[:, :, None] + np.arange(STRETCHES) * columns).reshape(rows, -1)
        rest = np.broadcast_to(np.arange(whole, count), (rows, count - whole))
        found = np.concatenate([found, rest], axis=1)
    values = np.take_along_axis(alike, found, axis=1)
    order = np.argsort(-values, axis=1, kind="stable")[:, :k]
    return np.take_along_axis(found, order, axis=1), np.take_along_axis(values, order, axis=1)
