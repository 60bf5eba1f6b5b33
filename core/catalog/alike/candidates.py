"""Pairs worth a look at their pixels: neighbours that stand out among the other neighbours."""

from typing import NamedTuple

import numpy as np

from counterpoise.core.catalog.alike.features import Array
from counterpoise.core.catalog.alike.neighbours import NEIGHBOURS, Neighbours, Numbers

STANDING = 0.55
"""A copy is less than this share as far away as the eighth nearest picture (Lowe's ratio, 2004): of pictures
without copies 10 to 20 % have such a neighbour, of slight crops 98 %."""
ALIKE = 0.7
"""The least likeness of a candidate; slight crops have .78 and more."""
SAME = 0.985
"""Candidates whatever their other neighbours: an image may have many copies."""


class Candidate(NamedTuple):
    """Two pictures, by their index, the smaller first."""

    a: int
    b: int
    standing: float
    """Distance as a share of that to the eighth nearest picture; .1 where the set has no eight others."""
    similarity: float
    """Of the sketches, -1 to 1."""
    mirrored: bool = False
    """Whether one looks like the mirror image of the other."""


def candidates(found: Neighbours, most: int) -> tuple[list[Candidate], int]:
    """Return the ``most`` most outstanding pairs, and how many there were beyond them."""
    k = found.which.shape[1]
    if k == 0:
        return [], 0
    # A whole row of copies stands out from nothing.
    last = np.where(found.similarity[:, -1:] > _NONE, _distance(found.similarity[:, -1:]), 2.0)

    def standing(similarity: Array) -> Array:
        few = np.full_like(similarity, 0.1)
        return few if k < NEIGHBOURS else (_distance(similarity) + 1e-6) / (last + 1e-6)

    plain, left = _wanted(found.which, found.similarity, standing(found.similarity), most)
    mirror, similarity = found.mirror[:, None], found.mirror_similarity[:, None]
    turned, left_turned = _wanted(mirror, similarity, standing(similarity), most, mirrored=True)
    known = {(pair.a, pair.b) for pair in plain}
    every = plain + [pair for pair in turned if (pair.a, pair.b) not in known]
    every.sort(key=lambda pair: (pair.standing, -pair.similarity))
    return every[:most], left + left_turned + max(0, len(every) - most)


_NONE = -1.5


def _distance(similarity: Array) -> Array:
    distance: Array = 1 - np.minimum(similarity, 1)
    return distance


def _wanted(
    which: Numbers, similarity: Array, standing: Array, most: int, mirrored: bool = False
) -> tuple[list[Candidate], int]:
    """Return the most outstanding pairs [n, k] worth a look, each once, and how many more there are."""
    count = len(which)
    stands_out = (standing <= STANDING) | (similarity >= SAME)
    rows, places = np.nonzero((similarity > _NONE) & (similarity >= ALIKE) & stands_out)
    others = which[rows, places]
    a, b = np.minimum(rows, others).astype(np.int64), np.maximum(rows, others).astype(np.int64)
    pairs, first = np.unique(a * count + b, return_inverse=True)
    best_standing = np.full(len(pairs), np.inf)
    np.minimum.at(best_standing, first, standing[rows, places])
    best_similarity = np.full(len(pairs), -1.0)
    np.maximum.at(best_similarity, first, similarity[rows, places])
    kept = np.lexsort((-best_similarity, best_standing))[:most]
    chosen = zip(pairs[kept], best_standing[kept], best_similarity[kept], strict=True)
    return [
        Candidate(int(pair // count), int(pair % count), float(stands), float(alike), mirrored)
        for pair, stands, alike in chosen
    ], len(pairs) - len(kept)
