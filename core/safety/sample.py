"""A few training images, decoded, for rules that the catalog's figures can't answer."""

import math
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from counterpoise.core.catalog.readers import UnreadableImage, is_harmless, read_frame
from counterpoise.core.catalog.readers.allowance import allowance
from counterpoise.core.catalog.types import ImageRecord, Sources
from counterpoise.core.jobs.helper import Helper, HelperDiedError
from counterpoise.core.pixels.format import PixelFormat
from counterpoise.core.pixels.prepare import prepare

IMAGES, FEWEST = 16, 4
MOST_PIXELS = 24_000_000
"""Stored pixels that are decoded for a sample: some 0.3 s for most formats; large images are sampled less."""
SIDE = 64
"""Sampled images are shrunk to this side: ranges and shares don't need more."""
DIFFERS = 0.01
"""A position differs between images when its spread is over this part of the whole range."""


@dataclass(frozen=True)
class PixelSample:
    """Ranges per channel and the values of positions that differ between images, in raw units."""

    low: tuple[float, ...]
    high: tuple[float, ...]
    percentiles: tuple[float, float]
    """1st and 99th percentile of all values."""
    differing: np.ndarray
    """float32 [n], values at positions that differ between images."""
    grey: bool = True
    """Whether all channels are equal, however the files store them."""

    @property
    def constant_channels(self) -> tuple[int, ...]:
        return tuple(i for i, (low, high) in enumerate(zip(self.low, self.high, strict=True)) if low == high)

    def share_outside(self, low: float, high: float) -> float:
        """Return the share (0 to 1) of differing values that lie outside of ``low`` to ``high``."""
        if not self.differing.size:
            return 0.0
        return float(np.mean((self.differing < low) | (self.differing > high)))


def draw_sample(sources: Sources, images: Sequence[ImageRecord], fmt: PixelFormat) -> PixelSample | None:
    """Decode some images, spread evenly over ``images``; None where none can be read any more."""
    step = max(1, len(images) // IMAGES)
    spread = images[::step][:IMAGES]
    per_image = sum(image.width * image.height for image in spread) / max(1, len(spread))
    affordable = max(FEWEST, int(MOST_PIXELS / max(1.0, per_image)))
    # Fewer ones are spread over all classes as well.
    spread = spread[:: math.ceil(len(spread) / affordable) or 1]
    chosen = tuple((sources.locate(image.path), image.frame) for image in spread)
    return _decoded(chosen, fmt.model_copy(update={"size": (SIDE, SIDE)}))


@lru_cache(maxsize=8)
def _decoded(chosen: tuple[tuple[Path, int], ...], fmt: PixelFormat) -> PixelSample | None:
    read: list[np.ndarray] = []
    with closing(Helper(allowance(Path))) as helper:  # a process only where it is called
        for path, frame in chosen:
            try:
                read.append(
                    _read(path, frame, fmt) if is_harmless(path) else helper.call(_read, path, frame, fmt)
                )
            except (UnreadableImage, HelperDiedError, OSError):
                continue
    return summarize(np.stack(read)) if read else None


def _read(path: Path, frame: int, fmt: PixelFormat) -> np.ndarray:
    return np.asarray(prepare(read_frame(path, frame), fmt), np.float32)


def summarize(images: np.ndarray) -> PixelSample:
    """Return the sample of decoded images, float [n, height, width, channels]."""
    axes = (0, 1, 2)
    low, high = images.min(axis=axes), images.max(axis=axes)
    spread = images.std(axis=0)
    differing = images[:, spread > DIFFERS * float(images.max() - images.min())]
    first, last = np.percentile(images, (1, 99))
    return PixelSample(
        tuple(map(float, low)),
        tuple(map(float, high)),
        (float(first), float(last)),
        differing.ravel(),
        grey=bool((images == images[..., :1]).all()),
    )
