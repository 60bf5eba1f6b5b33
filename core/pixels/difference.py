"""Where two images differ, once the larger has the size of the smaller: for people who compare them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from counterpoise.core.catalog.readers.frame import Frame

SHADES_BITS = 8
RANGE = (1, 99)
"""Percentiles that are shown as black and white."""


@dataclass(frozen=True)
class Difference:
    """Of two images in one size and in one unit."""

    values: NDArray[np.float32]
    """[height, width], absolute."""
    mean: float
    largest: float
    full: float
    """The whole range that the difference is to be seen against: 255 for 8-bit shades."""
    correlation: float
    """Pearson's, of the grey values; NaN where an image is constant."""
    own_ranges: bool = False
    """Whether each was brought from its own range to 0 to 255, their values meaning different things."""

    @property
    def is_none(self) -> bool:
        return self.largest == 0


def difference(a: Frame, b: Frame) -> Difference:
    """Compare two frames: in their values where these mean the same, else each in its own range.

    Values mean the same where both have the same units and both, or neither, more than 8 bits. A range goes
    from the 1st to the 99th percentile, padding left out: an 8-bit copy of a 16-bit image is then equal to
    it, whatever it was scaled by. Colour counts as its mean. The larger image is brought to the size of the
    smaller by Pillow's antialiased bilinear filter; nothing is shifted or turned to fit.
    """
    same = a.units == b.units and (a.bits > SHADES_BITS) == (b.bits > SHADES_BITS)
    first, second = (_grey(frame.pixels) if same else _in_own_range(frame) for frame in (a, b))
    size = min(first.shape, second.shape, key=lambda shape: shape[0] * shape[1])
    first, second = _sized(first, size), _sized(second, size)
    values = np.abs(first - second)
    if not same or a.units == "uint8":
        full = 255.0
    else:
        low, high = min(first.min(), second.min()), max(first.max(), second.max())
        full = max(float(high - low), 1e-12)
    mean, largest = float(values.mean()), float(values.max())
    return Difference(values, mean, largest, full, _correlation(first, second), not same)


def _in_own_range(frame: Frame) -> NDArray[np.float32]:
    """Return grey values [h, w] from 0 to 255, stretched from the frame's own range."""
    grey = _grey(frame.pixels)
    content = grey if frame.padding is None else grey[grey != frame.padding]
    low, high = np.percentile(content if content.size else grey, RANGE)
    stretched: NDArray[np.float32] = (grey - np.float32(low)) * np.float32(255 / max(high - low, 1e-12))
    return np.clip(stretched, 0, 255)


def _grey(pixels: NDArray[np.generic]) -> NDArray[np.float32]:
    values = pixels.astype(np.float32)
    return values.mean(axis=2) if values.ndim == 3 else values


def _sized(values: NDArray[np.float32], size: tuple[int, ...]) -> NDArray[np.float32]:
    if values.shape == size:
        return values
    image = Image.fromarray(np.ascontiguousarray(values))
    return np.asarray(image.resize((size[1], size[0]), Image.Resampling.BILINEAR))


def _correlation(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    a, b = a - a.mean(dtype=np.float64), b - b.mean(dtype=np.float64)
    spread = float(np.sqrt(np.square(a).sum(dtype=np.float64) * np.square(b).sum(dtype=np.float64)))
    return float((a * b).sum(dtype=np.float64) / spread) if spread > 0 else float("nan")
