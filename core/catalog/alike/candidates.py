"""Pairs worth a look at their pixels: neighbours that stand out among the other neighbours."""

from typing import NamedTuple

import numpy as np

from counterpoise.core.catalog.alike.neighbours import NEIGHBOURS, Neighbours

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
    """Distance as a share of that to the eighth nearest picture; .5 where the set has no eight others."""
    similarity: float
    """Of the sketches, -1 to 1."""


def candidates(found: Neighbours, most: int) -> tuple[list[Candidate], int]:
    """Return the ``most`` most outstanding pairs, and how many there were beyond them."""
    count, k = found.which.shape
    if k == 0:
        return [], 0
    distance = 1 - np.minimum(found.similarity, 1)
    known = found.similarity > -1.5
    if k < NEIGHBOURS:
        standing = np.full_like(distance, 0.5)
    else:
        # A whole row of copies stands out from nothing.
        last = np.where(known[:, -1:], distance[:, -1:], 2.0)
        standing = (distance + 1e-6) / (last + 1e-6)
    wanted = known & (found.similarity >= ALIKE) & ((standing <= STANDING) | (found.similarity >= SAME))
    rows, places = np.nonzero(wanted)
    others = found.which[rows, places]
    a, b = np.minimum(rows, others).astype(np.int64), np.maximum(rows, others).astype(np.int64)
    pairs, first = np.unique(a * count + b, return_inverse=True)
    best_standing = np.full(len(pairs), np.inf)
    np.minimum.at(best_standing, first, standing[rows, places])
    best_similarity = np.full(len(pairs), -1.0)
    np.maximum.at(best_similarity, first, found.similarity[rows, places])
    order = np.lexsort((-best_similarity, best_standing))
    kept = [
        Candidate(
            int(pairs[i] // count), int(pairs[i] % count), float(best_standing[i]), float(best_similarity[i])
        )
        for i in order[:most]
    ]
    return kept, len(pairs) - len(kept)
