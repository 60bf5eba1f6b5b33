"""Whether two images show the same picture: laid over each other, their detail is compared.

Thresholds: tests/benchmarks/near_copies.py.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from counterpoise.core.catalog.alike.copies import Kind
from counterpoise.core.catalog.alike.placing import AS_IT_IS, Array, blurred, lay, moved, place

SIDE = 96
"""Images are compared as squares of this side, whatever their aspect."""
_RIM = 5
_BLOCKS = 10
_TEXTURE = 1.0
"""Grey levels (standard deviation) from which on a block has detail that can be compared."""
_SILENCE, _LOUD = 0.25, 2.0
"""Grey levels between which a block's finest detail may be noise: below, there is nothing but rounding."""
_QUIET_BLOCKS = 20
_FAINT = 3.0
"""Grey levels (standard deviation) of coarse detail that differences are measured by at least."""
_BOX = Image.Resampling.BOX


@dataclass(frozen=True)
class Likeness:
    """What two images have in common."""

    kind: Kind | None
    """None: different pictures, or too little detail to say."""
    similarity: float
    """The median correlation of the detail in a hundred blocks, -1 to 1."""


@dataclass(frozen=True)
class Detail:
    """How far the detail of two squares agrees."""

    whole: float
    """Correlation over everything: decided by the strongest contours."""
    blocks: float
    """Median of the correlations in blocks: decided by texture, too, which only copies share."""
    textured: float
    """Share of the blocks that have detail to compare."""


PLAIN = 0.97
"""Detail (in blocks and as a whole) of a copy that fits as it is."""
CLEAR, CLEAR_BLOCKS, CLEAR_WHOLE, CLEAR_QUIET = 0.12, 0.80, 0.84, 0.12
"""The same for pairs that stand out clearly: JPEG of quality 50 takes that much from 28 pixels."""
UNMOVED = 0.02
"""Of the side: how far those may seem to lie apart."""
STANDS_OUT = 0.55
"""See ``candidates.STANDING``."""
ROUNDING = 1.0
"""Grey levels (mean) that copies may differ by where many others are as alike."""
ROUGHLY = 0.8
"""Detail as a whole after four steps at half the size: planted copies have .84 and more, and half to three
quarters of the other candidates less."""
MOST_MOVED = 0.11
"""Of the side, for any edge."""
NEAR_BLOCKS, NEAR_WHOLE = 0.90, 0.93
"""Detail of a near-copy whose scale is that of the other image: what was cropped or moved keeps its scale."""
STRETCHED = 0.98
"""Detail of a near-copy whose scale isn't: any two round cells can be stretched to fit each other."""
SAME_SCALE = 0.01
COARSE = 0.20
"""Share of the coarse detail that may differ in all but a twentieth of a copy's blocks: resizing and
compressing to JPEG 50 take at most .19 in four real sets; neighbouring slices of a volume differ by
.19 and more, pages of one form, phantoms and drawings mostly by .2 to .4 (benchmarks/uniform_sets.py)."""
COARSE_SMALL, SMALL = 0.50, 32
"""The same where the shorter side is below so many pixels, and coarse detail is a pixel wide."""
LEAST = 12
"""Pixels of the shorter side below which too little is left to tell copies from other pictures."""
COLOUR, COLOUR_SHARE = 8.0, 0.3
"""Grey levels by which colours of a copy may differ (root mean square), and as a share of all colour."""
TEXTURED = 0.2
"""Share of blocks with detail that a near-copy must have."""
ENOUGH_TEXTURED, ENOUGH_NOISE = 0.35, 0.25
"""Shares of the blocks of which one must be reached: of an edge along black ground there are many alike."""
QUIET = 0.3
"""Of the noise: copies have .4 and more (also after JPEG 50), pictures of the same contour about 0."""
Size = tuple[int, int]
"""Height and width."""
Box = tuple[int, int, int, int]
"""Rows and columns of a square: from, to (exclusive)."""
_WHOLE: Box = (4, SIDE - 4, 4, SIDE - 4)


def confirm(
    first: NDArray[np.uint8],
    second: NDArray[np.uint8],
    standing: float = 0.5,
    sizes: tuple[Size, Size] | None = None,
) -> Likeness:
    """Compare two images, uint8 [h, w] or [h, w, 3].

    ``standing`` is how far they are from each other as a share of the distance to other pictures of the
    set: up to .12 detail lost by compression is forgiven, and beyond it what differs by more than rounding is
    no copy, but a near-copy at most; above .55 nothing but rounding may differ.
    ``sizes`` are those of the images as stored, where ``first`` and ``second`` are thumbnails of them.
    """
    stored = sizes or (first.shape[:2], second.shape[:2])
    shortest = min(*stored[0], *stored[1])
    if shortest < LEAST or not _same_colour(first, second):
        return Likeness(None, 0.0)
    a, b = _squares(first, second)
    plain = _detail(a, b, 2.0, _WHOLE)
    if plain.textured < ENOUGH_TEXTURED and _noise(a, b, _WHOLE)[2].mean() < ENOUGH_NOISE:
        return Likeness(None, plain.blocks)
    fits = _coarse(a, b) <= (COARSE if shortest >= SMALL else COARSE_SMALL)
    same = standing <= CLEAR or float(np.abs(a - b).mean()) <= ROUNDING
    copy: Kind = "copy" if same and fits and _same_brightness(a, b) else "near"
    if min(plain.blocks, plain.whole) >= PLAIN:
        found = (same or standing <= STANDS_OUT) and _quiet(a, b, _WHOLE) >= QUIET
        return Likeness(copy if found else None, plain.blocks)
    if standing > STANDS_OUT:
        return Likeness(None, plain.blocks)
    placed = _placed_roughly(a, b)
    if placed is None:
        return Likeness(None, plain.blocks)
    for blur, steps in ((2.5, 3), (1.0, 3)):
        placed = place(a, b, placed, steps, blur)
    away = moved(placed)
    if fits and _is_clear(plain, standing) and away <= UNMOVED and _quiet(a, b, _WHOLE) >= CLEAR_QUIET:
        return Likeness(copy, plain.blocks)
    if away > MOST_MOVED:
        return Likeness(None, plain.blocks)
    again, shared = lay(b, placed), _shared(placed)
    laid = _detail(a, again, 1.0, shared)
    least = (NEAR_BLOCKS, NEAR_WHOLE) if _same_scale(placed, *stored) else (STRETCHED, STRETCHED)
    near = laid.blocks >= least[0] and laid.whole >= least[1] and laid.textured >= TEXTURED
    near = near and _quiet(a, again, shared) >= QUIET
    return Likeness("near" if near else None, laid.blocks)


RANKS = 3


def rank(standing: float) -> int:
    """Return which thresholds ``standing`` calls for: 0 clear, 1 outstanding, 2 one of many alike."""
    return 0 if standing <= CLEAR else 1 if standing <= STANDS_OUT else 2


def _is_clear(detail: Detail, standing: float) -> bool:
    return standing <= CLEAR and detail.blocks >= CLEAR_BLOCKS and detail.whole >= CLEAR_WHOLE


def _same_scale(placed: Array, first: Size, second: Size) -> bool:
    """Whether a pixel of both images shows as much, or both images as a whole, along each axis."""
    for stretch, side, other in zip(placed[1::2], first, second, strict=True):
        if min(abs(stretch - 1), abs(stretch * other / side - 1)) > SAME_SCALE:
            return False
    return True


def _same_brightness(a: Array, b: Array) -> bool:
    a, b = blurred(a, 2.0), blurred(b, 2.0)
    spread = float(b.std())
    contrast = float(((a - a.mean()) * (b - b.mean())).mean()) / spread**2 if spread > 0 else 1.0
    return abs(float(a.mean() - b.mean())) <= 8 and 0.9 <= contrast <= 1.11


def _coarse(a: Array, b: Array) -> float:
    """Return how much of the coarse detail (over 4 to 12 pixels) differs, 0 to 1 and more.

    The 95th percentile of the blocks: where something else is shown, it is often in a few of them.
    """
    x, y = (_band(square, 4.0, 12.0, _WHOLE) for square in (a, b))
    xs, ys = _blocks(x), _blocks(y * float((x * y).sum()) / max(float((y * y).sum()), 1e-9))
    spread = np.maximum(np.maximum(xs.std(axis=1), ys.std(axis=1)), _FAINT)
    return float(np.quantile(np.sqrt(((xs - ys) ** 2).mean(axis=1)) / spread, 0.95))


def _same_colour(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> bool:
    """Whether two colour images have the same colours roughly; a grey one has none that could differ."""
    if first.ndim == 2 or second.ndim == 2:
        return True
    small = [Image.fromarray(pixels).convert("YCbCr").resize((12, 12), _BOX) for pixels in (first, second)]
    a, b = (np.asarray(image, np.float32)[..., 1:] - 128 for image in small)
    colour = float(np.sqrt(np.minimum((a**2).mean(), (b**2).mean())))
    return colour < 1 or float(np.sqrt(((a - b) ** 2).mean())) <= COLOUR + COLOUR_SHARE * colour


def _squares(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> tuple[Array, Array]:
    """Return both as [SIDE, SIDE], with no more detail than the smaller of them can hold."""
    height, width = (min(first.shape[i], second.shape[i], SIDE) for i in (0, 1))

    def square(pixels: NDArray[np.uint8]) -> Array:
        image = Image.fromarray(pixels)
        for size in ((width, height), (SIDE, SIDE)):
            if image.size != size:
                image = image.resize(size, Image.Resampling.BICUBIC, reducing_gap=3.0)
        return np.asarray(image if image.mode == "L" else image.convert("L"), np.float32)

    return square(first), square(second)


def _placed_roughly(a: Array, b: Array) -> Array | None:
    """Return the place of ``b`` found at half the size; None where the two can't be the same picture."""
    a, b = _halved(a), _halved(b)
    placed = place(a, b, AS_IT_IS, 4, 3.0)
    box = (5, SIDE // 2 - 5) * 2
    alike = _correlation(_band(a, 0.8, 3.0, box), _band(lay(b, placed), 0.8, 3.0, box))
    return placed if alike >= ROUGHLY else None


def _halved(square: Array) -> Array:
    halved: Array = square.reshape(SIDE // 2, 2, SIDE // 2, 2).mean(axis=(1, 3))
    return halved


def _shared(placed: Array) -> Box:
    """Return the rows and columns (from, to) of the first square that the second covers, less a rim."""
    bounds: list[int] = []
    for shift, stretch in (placed[:2], placed[2:]):
        low = ((-0.5 - shift) / stretch + 0.5) * SIDE
        high = ((0.5 - shift) / stretch + 0.5) * SIDE
        bounds += [max(0, int(np.ceil(low))) + _RIM, min(SIDE, int(high)) - _RIM]
    return bounds[0], bounds[1], bounds[2], bounds[3]


def _detail(a: Array, b: Array, finest: float, box: Box) -> Detail:
    """Compare what varies over ``finest`` to 6 pixels (a difference of Gaussians) inside ``box``."""
    x, y = _band(a, finest, 6.0, box), _band(b, finest, 6.0, box)
    contrast = float((x * y).sum()) / max(float((y * y).sum()), 1e-9)
    xs, ys = _blocks(x), _blocks(y)
    spread_x, spread_y = xs.std(axis=1), ys.std(axis=1)
    agree = (xs * ys).mean(axis=1) / np.maximum(spread_x * spread_y, 1e-6)
    textured = np.maximum(spread_x, spread_y * abs(contrast)) > _TEXTURE
    blocks = float(np.median(agree[textured])) if textured.any() else 0.0
    return Detail(_correlation(x, y), blocks, float(textured.mean()))


def _quiet(a: Array, b: Array, box: Box) -> float:
    """Correlation of the finest detail in blocks that have little: noise, which only copies share.

    1 where too few blocks have any.
    """
    xs, ys, noise = _noise(a, b, box)
    return _correlation(xs[noise], ys[noise]) if np.count_nonzero(noise) >= _QUIET_BLOCKS else 1.0


def _noise(a: Array, b: Array, box: Box) -> tuple[Array, Array, NDArray[np.bool_]]:
    """Return the finest detail of both in blocks, and in which of them it may be noise."""
    xs, ys = (_blocks(_band(square, 1.0, 3.0, box)) for square in (a, b))
    spreads = np.stack([xs.std(axis=1), ys.std(axis=1)])
    return xs, ys, (spreads.min(axis=0) > _SILENCE) & (spreads.max(axis=0) < _LOUD)


def _band(square: Array, finest: float, coarsest: float, box: Box) -> Array:
    top, bottom, left, right = box
    band: Array = (blurred(square, finest) - blurred(square, coarsest))[top:bottom, left:right]
    return band


def _blocks(band: Array) -> Array:
    """Return [blocks, pixels], each less its mean."""
    height, width = (side // _BLOCKS for side in band.shape)
    cut = band[: height * _BLOCKS, : width * _BLOCKS]
    blocks = cut.reshape(_BLOCKS, height, _BLOCKS, width).transpose(0, 2, 1, 3).reshape(_BLOCKS**2, -1)
    varying: Array = blocks - blocks.mean(axis=1, keepdims=True)
    return varying


def _correlation(x: Array, y: Array) -> float:
    x, y = x - x.mean(), y - y.mean()
    size = float(np.linalg.norm(x) * np.linalg.norm(y))
    return float((x * y).sum()) / size if size > 0 else 0.0
