"""A thumbnail as bytes: small images exactly, others as JPEG."""

import imagecodecs
import numpy as np
from numpy.typing import NDArray

SIDE = 160
"""Most pixels of the longer side; fields are half of that, but screens may have two pixels for one."""
EXACT_SIDE = 80
"""Images no larger are kept to the pixel: the gallery magnifies them, and each pixel is seen."""
QUALITY = 88
_RAW = 2048
"""Bytes that aren't worth compressing."""
_JPEG, _PLAIN, _ZSTD = b"J", b"P", b"Z"


def pack(pixels: NDArray[np.uint8]) -> bytes:
    """Return uint8 [h, w] or [h, w, 3] in a few kilobytes."""
    height, width = pixels.shape[:2]
    if max(height, width) > EXACT_SIDE:
        return _JPEG + bytes(imagecodecs.jpeg8_encode(np.ascontiguousarray(pixels), QUALITY))
    head = bytes((height, width, 1 if pixels.ndim == 2 else 3))
    values = pixels.tobytes()
    if len(values) <= _RAW:
        return _PLAIN + head + values
    return _ZSTD + head + bytes(imagecodecs.zstd_encode(values, 1))


def unpack(data: bytes) -> NDArray[np.uint8] | None:
    """Undo ``pack``; None where the bytes are damaged."""
    try:
        if data[:1] == _JPEG:
            return np.asarray(imagecodecs.jpeg8_decode(data[1:]), np.uint8)
        height, width, channels = data[1:4]
        values = data[4:] if data[:1] == _PLAIN else bytes(imagecodecs.zstd_decode(data[4:]))
        pixels = np.frombuffer(values, np.uint8)
        return pixels.reshape((height, width) if channels == 1 else (height, width, channels))
    except (imagecodecs.Jpeg8Error, imagecodecs.ZstdError, ValueError):
        return None
