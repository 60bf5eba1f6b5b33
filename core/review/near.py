"""Pairs across parts that features show and the scan's sketches missed: mirrored copies, larger crops.

Of 104 mirrored copies planted in three real sets it finds 100 (the scan 98); besides it names one pair, of
one cell photographed twice (tests/benchmarks/label_doubts.py --copies). The network tells most pictures that
were turned apart.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from counterpoise.core.catalog.alike.confirm import confirm
from counterpoise.core.catalog.alike.copies import CopyPair
from counterpoise.core.catalog.readers import UnreadableImage, is_harmless
from counterpoise.core.catalog.readers.allowance import allowance
from counterpoise.core.catalog.thumbnail_store import ThumbnailStore, thumbnails_of
from counterpoise.core.catalog.thumbnails import thumbnail
from counterpoise.core.catalog.types import PARTS, ImageRecord, Sources
from counterpoise.core.jobs.helper import Helper, HelperDiedError
from counterpoise.core.training.features.feature_rows import Array

Pixels = NDArray[np.uint8]
MOST = 150
"""Candidates whose pixels are compared."""
ALIKE = 0.8
"""The least cosine of a candidate."""
STANDING = 0.6
"""Distance to it as a share of that to the fourth nearest (Lowe's ratio)."""
LOOKED = 4
STRETCH = 64
BLOCK = 512
Contents = frozenset[tuple[str, str]]


def near_pairs(
    images: Sequence[ImageRecord],
    rows: Array,
    sources: Sources,
    known: Contents,
    cache: Path | None = None,
    tick: Callable[[int, int], None] = lambda _done, _total: None,
) -> tuple[CopyPair, ...]:
    """Return pairs of images in different parts that show the same picture, the most alike first.

    ``rows`` [n, d] are features of length one; candidates among them are confirmed by their pixels, in
    all eight orientations. Pairs of contents in ``known`` (smaller first) have been told already; those of
    one patient belong together anyway. ``tick(done, total)`` may raise.
    """
    found = candidates(images, rows, known, tick)
    pairs = []
    with closing(thumbnails_of(sources, cache)) as store, closing(Helper(allowance(Path))) as helper:
        look = partial(_look, sources=sources, store=store, helper=helper)
        for done, (i, j, standing) in enumerate(found):
            tick(done, len(found))
            similarity = _same_picture(images[i], images[j], standing, look)
            if similarity is not None:
                first, second = sorted(((images[i].path, images[i].frame), (images[j].path, images[j].frame)))
                pairs.append(CopyPair(first, second, "near", round(similarity, 4)))
    return tuple(sorted(pairs, key=lambda pair: (-pair.similarity, pair.a, pair.b)))


def candidates(
    images: Sequence[ImageRecord],
    rows: Array,
    known: Collection[tuple[str, str]],
    tick: Callable[[int, int], None] = lambda _done, _total: None,
) -> list[tuple[int, int, float]]:
    """Return positions and standing of pairs that stand out, the most outstanding first."""
    parts = np.array([PARTS.index(image.part) for image in images], np.intp)
    found: dict[tuple[int, int], float] = {}
    for later in (1, 2):
        own, others = np.flatnonzero(parts == later), np.flatnonzero(parts < later)
        if len(others) < LOOKED:
            continue
        compared = rows[others].T
        for start in range(0, len(own), BLOCK):
            tick(0, 0)
            block = own[start : start + BLOCK]
            alike = rows[block] @ compared
            best = alike.argmax(axis=1)
            usual = _fourth(alike)
            for row, i in enumerate(block):
                similarity = float(alike[row, best[row]])
                standing = (1 - similarity + 1e-6) / (1 - float(usual[row]) + 1e-6)
                j = int(others[best[row]])
                if similarity >= ALIKE and standing <= STANDING and _may_be(images[i], images[j], known):
                    found[int(i), j] = standing
    ordered = sorted(found.items(), key=lambda item: (item[1], item[0]))
    return [(i, j, standing) for (i, j), standing in ordered[:MOST]]


def _fourth(alike: Array) -> Array:
    """Return about the fourth largest of each row: among the largest of stretches, where rows are long."""
    columns = alike.shape[1] // STRETCH
    if columns >= STRETCH:
        whole = alike[:, : columns * STRETCH]
        alike = whole.reshape(len(alike), STRETCH, columns).max(axis=1)
    fourth: Array = np.partition(alike, -LOOKED, axis=1)[:, -LOOKED]
    return fourth


def _may_be(a: ImageRecord, b: ImageRecord, known: Collection[tuple[str, str]]) -> bool:
    first, second = sorted((a.content, b.content))
    return first != second and (first, second) not in known and not (a.group and a.group == b.group)


def _same_picture(
    a: ImageRecord, b: ImageRecord, standing: float, look: Callable[[ImageRecord], Pixels]
) -> float | None:
    """Return how alike the two are in the orientation that fits best; None where none does."""
    try:
        first, second = look(a), look(b)
    except (UnreadableImage, HelperDiedError):
        return None
    size, other = (a.height, a.width), (b.height, b.width)
    found = (
        confirm(first, turned, standing, (size, other[::-1] if on_its_side else other))
        for turned, on_its_side in orientations(second)
    )
    return max((likeness.similarity for likeness in found if likeness.kind is not None), default=None)


def _look(image: ImageRecord, sources: Sources, store: ThumbnailStore, helper: Helper) -> Pixels:
    kept = store.get(image.content)
    if kept is not None:
        return kept
    file = sources.locate(image.path)
    return thumbnail(file, image.frame) if is_harmless(file) else helper.call(thumbnail, file, image.frame)


def orientations(pixels: Pixels) -> Iterator[tuple[Pixels, bool]]:
    """Yield an image [h, w] or [h, w, 3] turned by quarters, and the same of its mirror image.

    With each, whether its height is the width that was.
    """
    for mirrored in (pixels, pixels[:, ::-1]):
        for quarters in range(4):
            yield np.ascontiguousarray(np.rot90(mirrored, quarters)), quarters % 2 == 1
