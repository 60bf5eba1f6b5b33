"""What the pictures need of one image; runs in worker processes."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from counterpoise.core.catalog.readers import Frame, UnreadableImage, read_bytes, read_frames_of_bytes

VALUES = 2000
"""Pixels drawn from each image: with 200 images a class, a curve of 400,000."""
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class FileTask:
    """The wanted frames of one file, and what is to be made of them."""

    file: Path
    frames: tuple[int, ...]
    """As the catalog numbers them."""
    size: tuple[int, int]
    """Height and width that all images are brought to."""
    colour: bool


@dataclass(frozen=True)
class Look:
    """One image: some of its values, and the whole of it small, in the units of its file."""

    values: Floats
    """[n] grey values (the mean of the channels), padding left out; empty where all is padding."""
    small: Floats
    """[h, w, channels]; NaN where there is padding."""


def look(task: FileTask) -> list[Look | None]:
    """Return one entry per wanted frame, in their order; None for each where the file can't be read."""
    places = {max(frame, 0): place for place, frame in enumerate(task.frames)}
    found: list[Look | None] = [None] * len(task.frames)
    try:
        for frame in read_frames_of_bytes(read_bytes(task.file), task.file.name, sorted(places)):
            found[places[max(frame.frame, 0)]] = look_at(frame, task.size, task.colour)
    except UnreadableImage:
        pass  # a file that changed or went since the scan is counted as not read
    return found


def look_at(frame: Frame, size: tuple[int, int], colour: bool) -> Look:
    """Return some values and the small picture of a frame.

    ``size`` is (height, width); shape isn't kept, so that places in the picture mean the same in all.
    """
    pixels = frame.pixels
    flat = pixels.reshape(-1, frame.channels)
    drawn = np.random.default_rng(0).integers(0, len(flat), min(VALUES, len(flat)))
    values = flat[drawn].astype(np.float32)
    present = None
    if frame.padding is not None:
        values = values[(values != frame.padding).any(axis=1)]
        present = pixels != frame.padding if pixels.ndim == 2 else (pixels != frame.padding).any(axis=2)
    channels = [pixels] if pixels.ndim == 2 else [pixels[..., c] for c in range(3)]
    small = np.stack([_small(channel, present, size) for channel in channels], axis=-1)
    if colour and small.shape[-1] == 1:
        small = np.repeat(small, 3, axis=-1)
    elif not colour and small.shape[-1] == 3:
        small = small.mean(axis=-1, keepdims=True)
    return Look(values.mean(axis=1), small)


def _small(channel: NDArray[np.generic], present: NDArray[np.bool_] | None, size: Sequence[int]) -> Floats:
    """Return a channel [h, w] at ``size``; where most is padding NaN, else the mean of what isn't."""
    plain = channel.astype(np.float32)
    if present is None or present.all():
        return _resized(plain, size)
    weight = _resized(present.astype(np.float32), size)
    filled = _resized(np.where(present, plain, np.float32(0)), size)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(weight >= 0.5, filled / weight, np.float32(np.nan)).astype(np.float32)


def _resized(plain: Floats, size: Sequence[int]) -> Floats:
    height, width = size
    small = Image.fromarray(plain).resize((width, height), Image.Resampling.BILINEAR, reducing_gap=2.0)
    return np.asarray(small, np.float32)
