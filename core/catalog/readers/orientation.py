"""The eight EXIF orientations."""

import numpy as np

from counterpoise.core.catalog.readers.frame import Pixels

ORIENTATION = 274
"""Number of the EXIF tag."""


def upright(pixels: Pixels, orientation: int) -> Pixels:
    """Turn pixels [h, w, ...] as their EXIF tag says (EXIF 2.32, 4.6.4); other values change nothing."""
    if orientation in (5, 6, 7, 8):
        pixels = np.swapaxes(pixels, 0, 1)
    if orientation in (3, 4, 7, 8):
        pixels = pixels[::-1]
    if orientation in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    return np.ascontiguousarray(pixels)
