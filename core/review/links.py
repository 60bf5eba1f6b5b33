"""What belongs together: images of one patient, of one file, and copies of each other."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from counterpoise.core.catalog.types import NO_FRAME, ImageRecord


def linked(images: Sequence[ImageRecord], pairs: Iterable[tuple[int, int]] = ()) -> NDArray[np.intp]:
    """Return a number [n] for each image; those that share it must not be parted by a fold.

    ``pairs`` are positions of images that are copies or nearly so.
    """
    edges = list(pairs)
    first: dict[tuple[str, str], int] = {}
    for position, image in enumerate(images):
        file = image.path if image.frame != NO_FRAME else ""
        for kind, value in (("group", image.group), ("content", image.content), ("file", file)):
            if value:
                other = first.setdefault((kind, value), position)
                if other != position:
                    edges.append((other, position))
    count = len(images)
    ends = np.array(edges, np.intp).reshape(-1, 2)
    graph = coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(count, count))
    return np.asarray(connected_components(graph, directed=False)[1], np.intp)
