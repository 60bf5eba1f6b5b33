"""Whether letters are drawn into an image: a guess from sharp strokes that stand in a line.

Not a reader: it tells that something looks like writing, never what it says. Six glyphs in a line are
needed, so that the L or R of a side marker is none.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from counterpoise.core.catalog.readers.frame import Note

WRITING: Note = ("identifiers-present", {"where": "writing", "kinds": ["text"]})
GLYPHS = 6
"""Fewest in a line: a date or a name has as many, a marker of side or view fewer."""
_ALL, _LEAST = 500, 0.2
"""Of so many images each is looked at, of more as many again, but never fewer than that share.

A scan must not feel it (see ``tests/benchmarks/burned_in_text.py``), and what writes into one image of a
large set writes into many.
"""
_LONGEST = 1600
"""Pixels of the longer side that are looked at: every second or third of larger images."""
_SMALLEST = 128
"""Pixels of the longer side below which hardly any writing is legible."""
_STEP = 56
"""Levels of 255 by which a stroke differs from its ground, two pixels away."""
_IN_A_ROW = 24
"""Sharp steps, each counted at two pixels, that some row has which runs through a line of writing."""
_ROWS, _COLUMNS = 4, 16
"""Of a field: so many of every second row, and columns."""
_DENSE = 6
"""Sharp steps in a field that may hold strokes."""
_WINDOW, _FIELDS, _STEPS = 6, 3, 56
"""In so many fields of a row, so many are dense, with so many steps together, where there is writing."""
_MOST_FIELDS = 0.35
"""Share of fields with sharp steps above which an image is all texture, and nothing can be told."""
_LOWEST, _TALLEST = 5, 100
_MOST_GLYPHS = 300
"""Of a region; more are texture."""


class _Glyphs(NamedTuple):
    """Boxes of connected strokes in a region; arrays of the same length, sorted from left to right."""

    top: NDArray[np.intp]
    bottom: NDArray[np.intp]
    left: NDArray[np.intp]
    right: NDArray[np.intp]
    area: NDArray[np.intp]


def share_looked_at(images: int) -> float:
    """Return the share of a set of ``images`` in which writing is looked for.

    >>> share_looked_at(243), share_looked_at(2000), share_looked_at(100_000)
    (1.0, 0.25, 0.2)
    """
    return max(_LEAST, min(1.0, _ALL / max(images, 1)))


def looks_written_on(picture: NDArray[np.uint8]) -> bool:
    """Whether ``picture`` [h, w] or [h, w, 3] holds at least ``GLYPHS`` glyphs in a line.

    Takes a twentieth of a millisecond where no row has many sharp steps, as in most images.
    """
    height, width = picture.shape[:2]
    if max(height, width) < _SMALLEST or min(height, width) < 4 * _ROWS:
        return False
    factor = -(-max(height, width) // _LONGEST)
    if np.count_nonzero(_steps(_grey(picture[:: 6 * factor, ::factor])), axis=1).max() < _IN_A_ROW:
        return False
    found = _fields(_grey(picture[:: 2 * factor, ::factor]))
    if found is None:
        return False
    from scipy import ndimage  # a sixth of a second, which most scans are spared

    dense, likely = found
    grey = _grey(picture[::factor, ::factor])
    joined, count = ndimage.label(ndimage.binary_dilation(dense, np.ones((1, 3), bool)), np.ones((3, 3)))
    for rows, columns in ndimage.find_objects(joined, count):
        if not likely[rows, columns.start : columns.stop + _WINDOW - 1].any():
            continue
        top, left = max(0, rows.start - 1) * 2 * _ROWS, max(0, columns.start - 1) * _COLUMNS
        region = grey[top : (rows.stop + 1) * 2 * _ROWS, left : (columns.stop + 1) * _COLUMNS]
        if _holds_a_line(region):
            return True
    return False


def _grey(thinned: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return [h, w]. Large images come thinned out: averaging would wash thin strokes out."""
    thinned = np.ascontiguousarray(thinned)
    return thinned if thinned.ndim == 2 else np.asarray(Image.fromarray(thinned).convert("L"))


def _steps(grey: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Return where values two pixels apart in a row differ sharply, [h, w]."""
    flat = np.ascontiguousarray(grey).reshape(-1)  # which numpy goes through twice as fast
    a, b = flat[:-2], flat[2:]
    sharp = np.zeros(grey.shape, bool)
    np.greater_equal(np.maximum(a, b) - np.minimum(a, b), _STEP, out=sharp.reshape(-1)[:-2])
    sharp[:, -2:] = False
    return sharp


def _fields(grey: NDArray[np.uint8]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]] | None:
    """Return which fields may hold strokes, and at which of them ``_windows`` end that may hold a line.

    None where there is no such window, or nearly all is texture.
    """
    sharp = _steps(grey)
    if np.count_nonzero(sharp) < _STEPS:
        return None
    rows, columns = sharp.shape[0] // _ROWS, sharp.shape[1] // _COLUMNS
    words = np.packbits(sharp[: rows * _ROWS, : columns * _COLUMNS], axis=1).view(np.uint16)
    counts = np.bitwise_count(words).reshape(rows, _ROWS, columns).sum(1, dtype=np.uint8)
    dense: NDArray[np.bool_] = counts >= _DENSE
    if not _FIELDS <= np.count_nonzero(dense) <= _MOST_FIELDS * dense.size:
        return None
    likely = (_windows(dense) >= _FIELDS) & (_windows(counts) >= _STEPS)
    return (dense, likely) if likely.any() else None


def _windows(values: NDArray[Any]) -> NDArray[np.int64]:
    """Return the sums over ``_WINDOW`` fields of a row; fields beyond the borders count as none."""
    rows, columns = values.shape
    sums = np.zeros((rows, columns + 2 * _WINDOW - 1), np.int64)
    np.cumsum(values, axis=1, out=sums[:, _WINDOW : _WINDOW + columns])
    sums[:, _WINDOW + columns :] = sums[:, _WINDOW + columns - 1 : _WINDOW + columns]
    difference: NDArray[np.int64] = sums[:, _WINDOW:] - sums[:, :-_WINDOW]
    return difference


def _holds_a_line(region: NDArray[np.uint8]) -> bool:
    """Whether strokes of a region, brighter or darker than its ground, are glyphs in a line."""
    sharp = _steps(region)
    # Each glyph has two sharp steps at least in most of its rows.
    if np.count_nonzero(np.count_nonzero(sharp, axis=1) >= 2 * GLYPHS) < _LOWEST - 1:
        return False
    one, other = region[sharp], region[:, 2:][sharp[:, :-2]]
    between = (np.median(np.maximum(one, other)) + np.median(np.minimum(one, other))) / 2
    bright = region > between
    if _in_line(_glyphs(bright)) or _in_line(_glyphs(~bright)):
        return True
    # White over a ground that is bright in places: only what is nearly as bright as the brightest strokes.
    return _in_line(_glyphs(region > np.percentile(np.maximum(one, other), 90) - _STEP / 2))


def _glyphs(strokes: NDArray[np.bool_]) -> _Glyphs:
    from scipy import ndimage

    labels, count = ndimage.label(strokes, np.ones((3, 3)))
    boxes = ndimage.find_objects(labels, count)
    area = np.bincount(labels.reshape(-1), minlength=count + 1)[1:]
    sides = np.array([(r.start, r.stop, c.start, c.stop) for r, c in boxes], np.intp).reshape(-1, 4)
    height, width = sides[:, 1] - sides[:, 0], sides[:, 3] - sides[:, 2]
    fill = area / (height * width)
    usable = (height >= _LOWEST) & (height <= _TALLEST) & (width <= 1.8 * height) & (fill >= 0.15)
    chosen = np.flatnonzero(usable)
    chosen = chosen[np.argsort(sides[chosen, 2], kind="stable")]
    top, bottom, left, right = sides[chosen].T
    return _Glyphs(top, bottom, left, right, area[chosen])


def _in_line(glyphs: _Glyphs) -> bool:
    """Whether ``GLYPHS`` of them share a baseline, a height and their distances, but not their shape."""
    if len(glyphs.top) < GLYPHS:
        return False
    tall = (glyphs.bottom - glyphs.top)[:_MOST_GLYPHS]
    bottom = glyphs.bottom[:_MOST_GLYPHS]
    # [seed, other]: whether another stands on the seed's line and is no taller.
    alike = np.abs(bottom - bottom[:, None]) <= np.maximum(1, 0.1 * tall)[:, None]
    alike &= (tall <= 1.1 * tall[:, None]) & (tall >= 0.55 * tall[:, None])
    for seed in np.flatnonzero(alike.sum(1) >= GLYPHS):
        members = np.flatnonzero(alike[seed])
        gaps = (glyphs.left[members[1:]] - glyphs.right[members[:-1]]) / tall[seed]
        for line in np.split(members, np.flatnonzero((gaps > 1.2) | (gaps < -0.3)) + 1):
            if len(line) >= GLYPHS and _varied(glyphs, line):
                return True
    return False


def _varied(glyphs: _Glyphs, line: NDArray[np.intp]) -> bool:
    """Whether shapes differ as letters do: not the ticks of a ruler, nor filled spots."""
    width, height = glyphs.right[line] - glyphs.left[line], glyphs.bottom[line] - glyphs.top[line]
    fill = glyphs.area[line] / (width * height)
    broad = width >= 0.3 * height
    shapes = len(set(zip(width.tolist(), glyphs.area[line].tolist(), strict=True)))
    return bool(broad.sum() >= GLYPHS / 2 and np.median(fill) < 0.75 and shapes >= 3)
