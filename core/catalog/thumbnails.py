"""Small pictures for the gallery, fast: a JPEG is decoded at a fraction of its size."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from counterpoise.core.catalog.readers import Frame, Pixels, read_bytes, read_frames_of_bytes, sniff
from counterpoise.core.catalog.readers.limits import decoding
from counterpoise.core.catalog.readers.orientation import ORIENTATION, upright
from counterpoise.core.catalog.readers.pillow import open_pillow, refuse_cut_off
from counterpoise.core.catalog.thumbnail_codec import SIDE
from counterpoise.core.catalog.types import NO_FRAME

LOW, HIGH = 1.0, 99.0
"""Percentiles shown as black and white where an image has more than 8 bits."""


def thumbnail(path: Path, frame: int = NO_FRAME, side: int = SIDE) -> NDArray[np.uint8]:
    """Return uint8 RGB [h, w, 3], its aspect kept, neither side longer than ``side``.

    Values of more than 8 bits are windowed by percentiles, padding left out. For viewing only: training
    and prediction never see it. Raises UnreadableImage.
    """
    data = read_bytes(path)
    if sniff(data, path.name) == "JPEG":
        return _jpeg(data, side)
    whole = next(read_frames_of_bytes(data, path.name, (max(frame, 0),)))
    return _small(Image.fromarray(visible(whole)), side)


def visible(frame: Frame) -> NDArray[np.uint8]:
    """Return a frame as uint8 for the screen, [h, w] or [h, w, 3], windowed where it has more than 8 bits."""
    pixels = frame.pixels
    if pixels.dtype == np.uint8:
        return np.asarray(pixels, np.uint8)
    if frame.units == "dicom" and frame.channels == 3 and frame.bits <= 8:
        return np.asarray(pixels, np.uint8)
    low, high = _range(pixels, frame.padding)
    scaled = np.subtract(pixels, np.float32(low), dtype=np.float32)
    scaled *= np.float32(255 / max(high - low, 1e-12))
    return np.clip(scaled, 0, 255, out=scaled).astype(np.uint8)


def medium(shown: NDArray[np.uint8], side: int = 256) -> NDArray[np.uint8]:
    """Return a picture's averages over whole numbers of pixels, neither side longer than ``side``.

    What sketch and thumbnail are both made from, so that a large image is gone through once.
    """
    factor = -(-max(shown.shape[:2]) // side)
    if factor < 2:
        return shown
    # Rows first, as if grey: Pillow would turn colours into four bytes each before it does anything.
    flat = np.ascontiguousarray(shown).reshape(shown.shape[0], -1)
    rows = np.asarray(Image.fromarray(flat).reduce((1, factor)))
    squeezed = Image.fromarray(rows.reshape(rows.shape[0], *shown.shape[1:]))
    return np.asarray(squeezed.reduce((factor, 1)))


def shrunk(shown: NDArray[np.uint8], side: int = SIDE) -> NDArray[np.uint8]:
    """Return a picture with neither side longer than ``side``, its aspect kept; a small one as it is."""
    height, width = shown.shape[:2]
    longest = max(height, width)
    if longest <= side:
        return shown
    image = Image.fromarray(shown)
    if 2 * longest >= 3 * side:  # three times as fast as resizing, and no less clear
        return np.asarray(image.reduce(-(-longest // side)))
    size = max(1, width * side // longest), max(1, height * side // longest)
    return np.asarray(image.resize(size, Image.Resampling.BILINEAR))


def _range(pixels: Pixels, padding: float | None) -> tuple[float, float]:
    # Some 100,000 pixels give the percentiles of any image closely enough for the eye.
    sample = pixels.reshape(-1)[:: max(1, pixels.size // 100_000)]
    if padding is not None and (sample != padding).any():
        sample = sample[sample != padding]
    low, high = np.percentile(sample, (LOW, HIGH))
    return float(low), float(high)


def _jpeg(data: bytes, side: int) -> NDArray[np.uint8]:
    refuse_cut_off(data, "JPEG")
    with decoding("JPEG"):
        image = open_pillow(data, "JPEG")
        orientation = image.getexif().get(ORIENTATION, 1)
        image.draft("RGB", (2 * side, 2 * side))
        pixels = _small(image, side)
    return upright(pixels, orientation)


def _small(image: Image.Image, side: int) -> NDArray[np.uint8]:
    image = image.convert("RGB")
    image.thumbnail((side, side), Image.Resampling.BILINEAR, reducing_gap=2.0)
    return np.asarray(image)
