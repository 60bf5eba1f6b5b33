"""Pixels made ready for the screen: halved copies, so that only what is shown is ever windowed."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[Any]
SMALLEST_LEVEL = 256
"""Pixels of the longer side, below which no smaller copy is needed."""
GRID = 64
"""Pixels of a level: what is windowed grows in such steps, so that a small move needs nothing new."""


def windowed(pixels: Pixels, low: float, high: float, *, inverted: bool = False) -> NDArray[np.uint8]:
    """Map ``low`` to ``high`` onto 0 to 255, what lies outside cut off; ``[h, w]`` or ``[h, w, 3]``.

    >>> windowed(np.array([[0, 50, 100, 200]]), 0, 100).tolist()
    [[0, 128, 255, 255]]
    """
    if pixels.dtype == np.uint8:  # 256 shades by a table: several times faster than sums on every pixel
        table = _shades(np.arange(256, dtype=np.float32), low, high, inverted)
        shown = np.frombuffer(pixels.tobytes().translate(table.tobytes()), np.uint8)
        return shown.reshape(pixels.shape)
    return _shades(pixels.astype(np.float32), low, high, inverted)


def _shades(values: NDArray[np.float32], low: float, high: float, inverted: bool) -> NDArray[np.uint8]:
    """Return ``values``, which are overwritten, as shades."""
    values -= np.float32(low)
    values *= np.float32(255.0 / max(high - low, 1e-12))
    np.rint(values, out=values)
    np.clip(values, 0, 255, out=values)
    shades = values.astype(np.uint8)
    return np.subtract(255, shades, out=shades) if inverted else shades


def halved(pixels: Pixels) -> Pixels:
    """Return the mean of every 2 x 2 pixels in the same type; an odd last row or column stands for two."""
    height, width = pixels.shape[:2]
    if height % 2 or width % 2:
        pad = [(0, height % 2), (0, width % 2)] + [(0, 0)] * (pixels.ndim - 2)
        pixels = np.pad(pixels, pad, mode="edge")
    whole = pixels.dtype.kind == "u"
    total = pixels[0::2, 0::2].astype(np.uint32 if whole else np.float32)
    for part in (pixels[1::2, 0::2], pixels[0::2, 1::2], pixels[1::2, 1::2]):
        total += part
    mean = np.right_shift(total + 2, 2) if whole else total * np.float32(0.25)
    return mean.astype(pixels.dtype)


@dataclass(frozen=True)
class Region:
    """Part of a level: ``pixels``, and the rectangle ``x, y, width, height`` of the picture it covers."""

    pixels: Pixels
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Picture:
    """An image [h, w] or [h, w, 3] with copies of half, quarter ... its size."""

    levels: tuple[Pixels, ...]
    width: float
    """In which the view counts; larger than the pixels where these are shown stretched."""
    height: float

    @classmethod
    def of(cls, pixels: Pixels, extent: tuple[float, float] | None = None) -> "Picture":
        """Make the copies (some 50 ms for 12 million pixels: not for the window's thread).

        ``extent`` is the width and height to stretch to.
        """
        levels = [pixels]
        while max(levels[-1].shape[:2]) > 2 * SMALLEST_LEVEL:
            levels.append(halved(levels[-1]))
        height, width = pixels.shape[:2]
        return cls(tuple(levels), *(extent or (float(width), float(height))))

    @property
    def pixels(self) -> Pixels:
        return self.levels[0]

    @property
    def stretch(self) -> tuple[float, float]:
        """Units of the picture per stored pixel, across and down."""
        height, width = self.pixels.shape[:2]
        return self.width / width, self.height / height

    def level(self, zoom: float) -> int:
        """Return the smallest level that still has a pixel for each pixel of the screen."""
        level = 0
        while level + 1 < len(self.levels) and max(self.stretch) * zoom * 2 ** (level + 1) <= 1:
            level += 1
        return level

    def region(
        self, zoom: float, left: float, top: float, right: float, bottom: float
    ) -> tuple[int, int, int, int, int] | None:
        """Return level and pixel bounds (first and end column, first and end row) that cover a rectangle.

        The bounds lie on a grid, so that a small move needs no new ones. None outside the picture.
        """
        level = self.level(zoom)
        across, down = (size * 2**level for size in self.stretch)
        height, width = self.levels[level].shape[:2]
        x0, x1 = _bounds(left / across, right / across, width)
        y0, y1 = _bounds(top / down, bottom / down, height)
        return (level, x0, x1, y0, y1) if x1 > x0 and y1 > y0 else None

    def cut(self, level: int, x0: int, x1: int, y0: int, y1: int) -> Region:
        """Return the pixels within bounds that ``region`` gave."""
        across, down = (size * 2**level for size in self.stretch)
        pixels = self.levels[level][y0:y1, x0:x1]
        return Region(pixels, x0 * across, y0 * down, (x1 - x0) * across, (y1 - y0) * down)

    def pixel_at(self, x: float, y: float) -> tuple[int, int] | None:
        """Return column and row of the stored pixel at a point of the picture; None outside."""
        across, down = self.stretch
        column, row = int(np.floor(x / across)), int(np.floor(y / down))
        height, width = self.pixels.shape[:2]
        return (column, row) if 0 <= column < width and 0 <= row < height else None


def _bounds(first: float, end: float, size: int) -> tuple[int, int]:
    start = int(np.floor(first / GRID)) * GRID
    stop = int(np.ceil(end / GRID)) * GRID
    return max(start, 0), min(stop, size)
