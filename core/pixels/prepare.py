"""One image in, raw values of the graph's size out: the same in training, evaluation and prediction."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from counterpoise.core.pixels.format import PixelFormat

if TYPE_CHECKING:
    from counterpoise.core.catalog.readers.frame import Frame

EIGHT_TO_SIXTEEN = 257
"""65535 / 255: white stays white."""
LUMA = np.array([0.299, 0.587, 0.114], np.float32)
"""ITU-R BT.601, as Pillow's mode L."""

Prepared = NDArray[Any]
"""[height, width, channels] in the dtype of the format."""


def prepare(frame: "Frame", fmt: PixelFormat) -> Prepared:
    """Return the frame as ``fmt.shape`` in ``fmt.dtype``: units brought together, resized, channels.

    Resizing is Pillow's antialiased bilinear filter; 8-bit images in modes L and RGB, all others channel
    by channel in mode F. One channel becomes three by repetition; colour reaches a grey network as luma.
    Padding takes the lowest value of the image.
    """
    return fill_gaps(prepare_with_gaps(frame, fmt))


def prepare_with_gaps(frame: "Frame", fmt: PixelFormat) -> Prepared:
    """Return the same with NaN (in float formats) where padding is, so that no statistic counts it."""
    pixels: NDArray[Any] = frame.pixels
    gaps = _gaps(frame)
    if gaps is not None:  # before resizing, so that padding bleeds into nothing
        pixels = np.where(gaps, pixels[~gaps].min(), pixels)
    if fmt.channels == 1 and pixels.ndim == 3:
        pixels = _luma(pixels)
    if pixels.dtype == np.uint8 and fmt.units == "uint8":
        resized = _resize_bytes(pixels, fmt.size)
    else:
        resized = _to_dtype(_resize_float(_in_units(pixels, fmt), fmt.size), fmt)
    if resized.ndim == 2:
        resized = resized[:, :, np.newaxis]
    if gaps is not None and fmt.dtype.kind == "f":
        resized = _with_gaps(resized, gaps)
    if resized.shape[2] < fmt.channels:
        resized = np.repeat(resized, fmt.channels, axis=2)
    return resized


def fill_gaps(image: Prepared) -> Prepared:
    """Return ``image`` with NaN replaced by its lowest value; other values are untouched."""
    if image.dtype.kind != "f":
        return image
    gaps = np.isnan(image)
    return np.where(gaps, image[~gaps].min(), image) if gaps.any() and not gaps.all() else image


def _gaps(frame: "Frame") -> NDArray[np.bool_] | None:
    """Where padding is: pixels that are exactly that value; None where there is nothing to leave out."""
    if frame.padding is None:
        return None
    gaps = np.asarray(frame.pixels == frame.padding)
    return gaps if gaps.any() and not gaps.all() else None


def _with_gaps(resized: NDArray[Any], gaps: NDArray[np.bool_]) -> NDArray[Any]:
    """Mark the pixels that are mostly padding."""
    plane = gaps if gaps.ndim == 2 else gaps.all(axis=2)
    share = _resize_float(np.asarray(plane, np.float32), resized.shape[:2])
    mostly = share >= 0.5
    return resized if mostly.all() else np.where(mostly[:, :, np.newaxis], np.float32(np.nan), resized)


def _luma(pixels: NDArray[Any]) -> NDArray[Any]:
    if pixels.dtype == np.uint8:
        return np.asarray(Image.fromarray(pixels).convert("L"))
    grey = pixels.astype(np.float32) @ LUMA
    return np.rint(grey).astype(pixels.dtype) if pixels.dtype == np.uint16 else grey


def _in_units(pixels: NDArray[Any], fmt: PixelFormat) -> NDArray[np.float32]:
    """Bring 8 and 16 bits together; rescaled and float values are taken as they are."""
    values = np.asarray(pixels, np.float32).copy()
    if fmt.units == "uint16" and pixels.dtype == np.uint8:
        values *= EIGHT_TO_SIXTEEN
    elif fmt.units == "uint8" and pixels.dtype == np.uint16:
        values /= EIGHT_TO_SIXTEEN
    return values


def _resize_bytes(pixels: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[Any]:
    if pixels.shape[:2] == size:
        return pixels
    return np.asarray(Image.fromarray(pixels).resize(size[::-1], Image.Resampling.BILINEAR))


def _resize_float(values: NDArray[np.float32], size: tuple[int, int]) -> NDArray[np.float32]:
    if values.shape[:2] == size:
        return values
    if values.ndim == 3:
        channels = [_resize_float(values[:, :, c], size) for c in range(values.shape[2])]
        return np.stack(channels, axis=2)
    image = Image.fromarray(np.ascontiguousarray(values))
    return np.asarray(image.resize(size[::-1], Image.Resampling.BILINEAR))


def _to_dtype(values: NDArray[np.float32], fmt: PixelFormat) -> NDArray[Any]:
    if fmt.dtype.kind == "f":
        return values
    highest = 255 if fmt.units == "uint8" else 65535
    return np.clip(np.rint(values), 0, highest).astype(fmt.dtype)
