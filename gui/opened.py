"""One image opened for a large view: all that takes time, done beside the window's thread."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from counterpoise.gui.decoding import look
from counterpoise.gui.picture import Picture, Pixels

if TYPE_CHECKING:
    from counterpoise.core.catalog.about import About
    from counterpoise.core.catalog.readers import Frame

Range = tuple[float, float]
PERCENTILES = (0.5, 99.5)
BINS = 96
MOSTLY_ONE = 0.35
"""Share of the pixels in one bin from which the rest is only seen on a logarithmic scale."""
_SAMPLE = 200_000


@dataclass(frozen=True)
class Opened:
    """An image with its copies for the screen, its ranges and its histogram."""

    frame: "Frame"
    about: "About"
    picture: Picture
    whole: Range
    """Lowest and highest value, padding left out; of 8 bits 0 and 255."""
    usual: Range
    """Between ``PERCENTILES``."""
    counts: NDArray[np.float64]
    """Values in each of BINS bins over ``whole``."""

    @property
    def first_window(self) -> Range:
        """The file's own window, else all of 8 bits, else the usual range."""
        if self.frame.window is None:
            return self.whole if self.picture.pixels.dtype == np.uint8 else self.usual
        centre, width = self.frame.window
        return centre - width / 2, centre + width / 2

    @property
    def is_ct(self) -> bool:
        """Whether the values are Hounsfield units."""
        return self.frame.modality == "CT" and self.frame.units == "dicom" and self.frame.channels == 1

    @property
    def mostly_one_value(self) -> bool:
        """Whether a background owns the histogram."""
        total = float(self.counts.sum())
        return total > 0 and float(self.counts.max()) / total > MOSTLY_ONE


def open_image(file: Path, frame: int) -> Opened:
    """Read a frame and make it ready; raises UnreadableImage."""
    return opened(*look(file, frame))


def opened(frame: "Frame", about: "About") -> Opened:
    """Make a frame ready for the screen."""
    pixels = _bytes_where_enough(frame)
    values = _values(pixels, frame.padding)
    whole = _apart(float(values.min()), float(values.max())) if pixels.dtype != np.uint8 else (0.0, 255.0)
    low, high = (float(value) for value in np.percentile(_some(values), PERCENTILES))
    usual = (low, high) if high > low else whole
    counts, _ = np.histogram(_some(values).astype(np.float64), bins=BINS, range=whole)
    return Opened(frame, about, Picture.of(pixels), whole, usual, counts.astype(np.float64))


def _bytes_where_enough(frame: "Frame") -> Pixels:
    """Return the colours of an 8-bit DICOM image as bytes: a quarter of the memory, and no other value."""
    if frame.units == "dicom" and frame.channels == 3 and frame.bits <= 8:
        return frame.pixels.astype(np.uint8)
    return frame.pixels


def _values(pixels: Pixels, padding: float | None) -> Pixels:
    flat = pixels.reshape(-1)
    if padding is None:
        return flat
    kept = flat[flat != padding]
    return kept if kept.size else flat


def _some(values: Pixels) -> Pixels:
    return values[:: max(1, values.size // _SAMPLE)]


def _apart(low: float, high: float) -> Range:
    return (low, high) if high > low else (low, low + 1.0)
