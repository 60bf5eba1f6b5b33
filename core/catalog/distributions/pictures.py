"""From looks at single images to the pictures of each class."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from counterpoise.core.catalog.distributions.look import Look
from counterpoise.core.catalog.types import ImageRecord, Units

BINS = 64
TAILS = 0.1, 99.9
"""Percentiles between which curves are drawn, where values aren't 8-bit ones."""
MOST_BEHIND = 20
LOW, HIGH = 0.5, 99.5
"""Percentiles of all mean images that are shown as black and white."""
_BLUR = np.array([1, 4, 6, 4, 1]) / 16
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Pictures:
    """What was seen of each class, classes in the order of ``labels``."""

    digest: str
    """Of the sample they were made from."""
    labels: tuple[str, ...]
    images: tuple[int, ...]
    """Images of each class that they were made from."""
    unread: int
    """Images of the sample that can't be read any more."""
    scale: str
    """Of the values: ``uint8``, ``uint16`` (8-bit ones times 257), ``dicom``, ``float``, or ``mixed``."""
    edges: Array
    """[bins + 1] limits of the grey values."""
    density: Array
    """[classes, bins] share of the pixels per bin, each image counting the same; 0 where there is none."""
    mean: Array
    """[classes, h, w, channels] the average image; NaN where no image has a pixel."""
    spread: Array
    """[classes, h, w] the standard deviation between the images of a class, in grey."""

    @cached_property
    def window(self) -> tuple[float, float]:
        """Values shown as black and as white in every mean image."""
        return _limits(self.mean, (LOW, HIGH))

    @cached_property
    def spread_window(self) -> tuple[float, float]:
        """Values shown as black and as white in every image of the standard deviation."""
        return 0.0, _limits(self.spread, (0, HIGH))[1]

    def shown_mean(self, number: int, *, own: bool = False) -> NDArray[np.uint8]:
        """Return the mean image of a class for the screen, [h, w] or [h, w, 3]."""
        window = _limits(self.mean[number], (LOW, HIGH)) if own else self.window
        picture = as_bytes(self.mean[number], window)
        return picture[..., 0] if picture.shape[-1] == 1 else picture

    def shown_spread(self, number: int, *, own: bool = False) -> NDArray[np.uint8]:
        """Return the image of the standard deviation of a class for the screen, [h, w]."""
        window = (0.0, _limits(self.spread[number], (0, HIGH))[1]) if own else self.spread_window
        return as_bytes(self.spread[number], window)

    @cached_property
    def heights(self) -> Array:
        """[classes, bins] heights of the curves, 0 to 1: the root of the density.

        Else the black border of most X-rays would press all else to the ground.
        """
        roots = np.sqrt(self.density)
        return np.asarray(roots / (roots.max(initial=0) or 1.0))

    def behind(self, number: int) -> Array:
        """[curves, bins] heights of what is outlined behind a class: the other classes, or their mean.

        (Beyond MOST_BEHIND lines nothing could be told apart, nor be drawn in time.)
        """
        others = [n for n, seen in enumerate(self.images) if seen and n != number]
        heights = self.heights[others]
        return heights if len(others) <= MOST_BEHIND else heights.mean(axis=0, keepdims=True)


def as_bytes(values: Array, window: tuple[float, float]) -> NDArray[np.uint8]:
    """Return values with ``window`` spread over 0 to 255; NaN is black."""
    low, high = window
    scaled = (np.nan_to_num(values, nan=low) - low) * (255 / max(high - low, 1e-12))
    return np.clip(scaled, 0, 255).astype(np.uint8)


def scale_of(images: Sequence[ImageRecord]) -> str:
    """Return the one scale that values are shown on."""
    units = {image.units for image in images}
    if units <= {"uint8", "uint16"}:
        return "uint16" if "uint16" in units else "uint8"
    return units.pop() if len(units) == 1 else "mixed"


def factor(units: Units, scale: str) -> float:
    """Return what values are multiplied by: 8-bit ones beside 16-bit ones run as far."""
    return 257.0 if units == "uint8" and scale == "uint16" else 1.0


class Gathering:
    """Takes looks one by one, in any order."""

    def __init__(
        self, labels: Sequence[str], images: Sequence[ImageRecord], size: tuple[int, int], channels: int
    ):
        self._labels = tuple(labels)
        self._scale = scale_of(images)
        self._number = {label: number for number, label in enumerate(labels)}
        self._values: list[tuple[int, NDArray[np.float32]]] = []
        shape = (len(labels), *size)
        self._seen = np.zeros(len(labels), int)
        self._count = np.zeros(shape)
        self._sum = np.zeros((*shape, channels))
        self._grey, self._squares = np.zeros(shape), np.zeros(shape)

    def add(self, image: ImageRecord, seen: Look) -> None:
        number, times = self._number[image.label], factor(image.units, self._scale)
        if len(seen.values):
            self._values.append((number, seen.values * np.float32(times)))
        self._seen[number] += 1
        small = seen.small.astype(np.float64) * times
        present = ~np.isnan(small[..., 0])
        small = np.where(present[..., None], small, 0)
        grey = small.mean(axis=-1)
        self._count[number] += present
        self._sum[number] += small
        self._grey[number] += grey
        self._squares[number] += grey * grey

    def pictures(self, digest: str, unread: int) -> Pictures:
        """Return what was gathered."""
        edges = self._edges()
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = self._sum / self._count[..., None]
            grey = self._grey / self._count
            spread = np.sqrt(np.maximum(self._squares / self._count - grey * grey, 0))
        counts = tuple(int(seen) for seen in self._seen)
        return Pictures(
            digest, self._labels, counts, unread, self._scale, edges, self._density(edges), mean, spread
        )

    def _edges(self) -> Array:
        if self._scale == "uint8":
            return np.linspace(0, 256, BINS + 1)
        if not self._values:
            return np.linspace(0, 1, BINS + 1)
        low, high = _limits(np.concatenate([values for _, values in self._values]), TAILS)
        width = (high - low) / BINS
        if self._scale != "float" and width > 1:  # whole numbers: each bin holds as many of them
            width, low = np.ceil(width), np.floor(low)
        return np.asarray(low + width * np.arange(BINS + 1))

    def _density(self, edges: Array) -> Array:
        density = np.zeros((len(self._labels), BINS))
        for number, values in self._values:
            inside = np.clip(values, edges[0], edges[-1])
            density[number] += np.histogram(inside, edges)[0] / len(values)
        density /= np.maximum(density.sum(axis=1, keepdims=True), 1e-12)
        smooth = [np.convolve(np.pad(row, 2, "symmetric"), _BLUR, "same")[2:-2] for row in density]
        return np.array(smooth).reshape(density.shape)


def _limits(values: NDArray[np.floating], q: tuple[float, float]) -> tuple[float, float]:
    """Return two percentiles of what isn't NaN, apart from each other."""
    known = values[np.isfinite(values)]
    low, high = (float(v) for v in np.percentile(known, q)) if known.size else (0.0, 1.0)
    return (low, high) if high > low else (low, low + 1)
