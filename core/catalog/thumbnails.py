"""Small pictures for the gallery, fast: a JPEG is decoded at a fraction of its size."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from counterpoise.core.catalog.readers import Frame, Pixels, read_bytes, read_frames_of_bytes, sniff
from counterpoise.core.catalog.readers.limits import decoding
from counterpoise.core.catalog.readers.orientation import ORIENTATION, upright
from counterpoise.core.catalog.readers.pillow import open_pillow, refuse_cut_off
from counterpoise.core.catalog.types import NO_FRAME

LOW, HIGH = 1.0, 99.0
"""Percentiles shown as black and white where an image has more than 8 bits."""


def thumbnail(path: Path, frame: int = NO_FRAME, side: int = 160) -> NDArray[np.uint8]:
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
    scaled = (pixels.astype(np.float32) - low) * np.float32(255 / max(high - low, 1e-12))
    return np.asarray(np.clip(scaled, 0, 255), np.uint8)


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
