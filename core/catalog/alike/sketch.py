"""A picture in 256 bytes: what copies of it share, whatever their size and compression."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SIDE = 16
_LARGE = 256
_MEDIUM = 128
"""Sides above ``_LARGE`` are first brought to this one, where Pillow's box is near enough to the mean."""
_SMALL = 50_000
"""Values of a picture in colour: for fewer, numpy is done before Pillow is set up."""
_WEIGHTS = np.array([19595, 38470, 7471], np.float32) / 65536
"""Of red, green and blue, as Pillow has them; 24 bits hold every sum of their products exactly."""


def sketch(pixels: NDArray[np.uint8]) -> bytes:
    """Return the 16 x 16 means of ``pixels`` [h, w] or [h, w, 3], as grey, row by row: 256 bytes.

    Each field is the exact mean of the area it covers, pixels cut by its border counting in part: Pillow
    takes them whole or not at all, and a small image halved would differ from itself. Grey is luma (ITU-R
    BT.601). The darkest field becomes 0, the brightest 255: contrast means nothing to a copy. A picture
    without any contrast is all 0.
    """
    height, width = pixels.shape[:2]
    grey: NDArray[np.uint8] | NDArray[np.float32] = pixels
    if pixels.ndim == 3 and pixels.size < _SMALL and max(width, height) <= _LARGE:
        grey = _luma(pixels)
    elif pixels.ndim == 3 or max(width, height) > _LARGE:
        image = Image.fromarray(pixels)
        if max(width, height) > _LARGE:
            height, width = _medium(height), _medium(width)
            image = image.resize((width, height), Image.Resampling.BOX, reducing_gap=1.0)
        grey = np.asarray(image if image.mode == "L" else image.convert("L"))
    fields: NDArray[np.float32] = _means(height).dot(grey.astype(np.float32)).dot(_means(width).T)
    low = fields.min()
    contrast = fields.max() - low
    if contrast < 1e-3:
        return bytes(SIDE * SIDE)
    fields -= low
    fields *= 255 / contrast
    fields += 0.5
    return fields.astype(np.uint8).tobytes()


def _luma(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return grey as Pillow gives it, in the same whole numbers."""
    grey: NDArray[np.float32] = pixels.reshape(-1, 3).astype(np.float32).dot(_WEIGHTS)
    grey += 0.5
    return np.floor(grey, out=grey).reshape(pixels.shape[:2])


def _medium(side: int) -> int:
    return side if side <= _LARGE else _MEDIUM


@lru_cache(maxsize=512)
def _means(side: int) -> NDArray[np.float32]:
    """Return the matrix [SIDE, side] of means over SIDE equal stretches of ``side`` pixels."""
    edges = np.arange(SIDE + 1) * (side / SIDE)
    starts = np.arange(side)
    covered = np.minimum(edges[1:, None], starts + 1) - np.maximum(edges[:-1, None], starts)
    shares: NDArray[np.float32] = (np.maximum(covered, 0) * (SIDE / side)).astype(np.float32)
    return shares
