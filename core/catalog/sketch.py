"""A thumb-nail's thumb-nail: so little of an image that all pairs of a set can be compared by it."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from counterpoise.core.catalog.readers.frame import Pixels

SIDE = 16
"""Of the square an image is squeezed into, whatever its aspect: copies of another size look the same."""


def sketch_of(pixels: Pixels) -> bytes:
    """Return SIDE x SIDE grey levels (a byte each, row by row), darkest to brightest 0 to 255.

    ``pixels`` [h, w] or [h, w, 3]. Empty for a constant image.
    """
    if pixels.dtype == np.uint8:
        image = Image.fromarray(pixels).convert("L")
    else:
        grey = pixels if pixels.ndim == 2 or pixels.shape[-1] == 1 else pixels.mean(axis=-1)
        image = Image.fromarray(np.ascontiguousarray(grey.reshape(grey.shape[:2]), np.float32))
    small: NDArray[Any] = np.asarray(image.resize((SIDE, SIDE), Image.Resampling.BOX), np.float32)
    low, high = float(small.min()), float(small.max())
    if not high > low:
        return b""
    return ((small - low) * np.float32(255 / (high - low)) + np.float32(0.5)).astype(np.uint8).tobytes()


def edge_of(pixels: Pixels) -> float:
    """Return the mean of the outermost rows and columns, one in 32 of the shorter side on each."""
    width = max(1, min(pixels.shape[:2]) // 32)
    sides = pixels[:width], pixels[-width:], pixels[width:-width, :width], pixels[width:-width, -width:]
    total = sum(float(side.sum(dtype=np.float64)) for side in sides)
    return total / max(1, sum(side.size for side in sides))


def compared(sketches: list[bytes]) -> NDArray[np.float32]:
    """Return rows [n, SIDE²] whose dot products are correlations (Pearson's)."""
    rows = np.frombuffer(b"".join(sketches), np.uint8).reshape(len(sketches), -1).astype(np.float32)
    rows -= rows.mean(axis=1, keepdims=True)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows
