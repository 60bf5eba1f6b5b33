"""The values a network would see: pixel statistics of the training images, after scaling."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from counterpoise.core.catalog.types import ImageRecord
from counterpoise.core.pixels.prepare import EIGHT_TO_SIXTEEN
from counterpoise.core.safety.plan import Plan


@dataclass(frozen=True)
class Range:
    """Smallest and largest value, mean and standard deviation over all pixels of all images."""

    low: float
    high: float
    mean: float
    std: float

    def mapped(self, scale: float, offset: float) -> "Range":
        """Return the range of ``x * scale + offset``, scale positive."""
        low, high, mean = (value * scale + offset for value in (self.low, self.high, self.mean))
        return Range(low, high, mean, self.std * scale)

    @property
    def rms(self) -> float:
        """Root of the mean square, which the size of a first layer's gradient goes with."""
        return math.hypot(self.mean, self.std)

    def to_json(self) -> dict[str, float]:
        return {"low": self.low, "high": self.high, "mean": self.mean, "std": self.std}


def raw_range(images: Sequence[ImageRecord], units: str) -> Range:
    """Pool the images' statistics, each image counting once (all are resized to one size).

    Files of 8 bits among 16-bit ones are multiplied by 257, as ``pixels.prepare`` does.
    """
    if not images:
        return Range(0.0, 0.0, 0.0, 0.0)
    figures = np.array([(i.minimum, i.maximum, i.mean, i.std) for i in images])
    low, high, means, spreads = (figures * np.array([[_widening(i, units)] for i in images])).T
    mean = float(means.mean())
    variance = float((np.square(means) + np.square(spreads)).mean()) - mean**2
    return Range(float(low.min()), float(high.max()), mean, math.sqrt(max(0.0, variance)))


def _widening(image: ImageRecord, units: str) -> float:
    return EIGHT_TO_SIXTEEN if units == "uint16" and image.units == "uint8" else 1.0


def scaled_range(plan: Plan) -> Range:
    """Return what leaves the scaling, before a pretrained network's own affine map."""
    raw = raw_range(plan.training_images, plan.format.units)
    method = plan.settings.scaling.method
    if method == "none":
        return raw
    if method in ("minmax", "percentile"):
        return _to_unit(raw, raw.low, raw.high)
    if method == "window":
        centre, width = plan.settings.scaling.window or (raw.mean, raw.high - raw.low)
        return _to_unit(raw, centre - width / 2, centre + width / 2)
    if method == "zscore":
        return raw.mapped(1 / raw.std, -raw.mean / raw.std) if raw.std else Range(0.0, 0.0, 0.0, 0.0)
    # Per image: mean 0 and spread 1 by construction; the ends are the worst image's.
    reach = [
        ((i.minimum - i.mean) / i.std, (i.maximum - i.mean) / i.std) for i in plan.training_images if i.std
    ]
    return Range(min((r[0] for r in reach), default=0.0), max((r[1] for r in reach), default=0.0), 0.0, 1.0)


def _to_unit(raw: Range, low: float, high: float) -> Range:
    if high <= low:
        return Range(0.0, 0.0, 0.0, 0.0)
    unit = raw.mapped(1 / (high - low), -low / (high - low))
    ends = [min(1.0, max(0.0, value)) for value in (unit.low, unit.high, unit.mean)]
    return Range(ends[0], ends[1], ends[2], min(unit.std, 0.5))


def seen_range(plan: Plan) -> Range:
    """Return what the first layer sees, after scaling and a pretrained network's affine map."""
    seen = scaled_range(plan)
    if plan.mode == "scratch":
        return seen
    return seen.mapped(*plan.spec.native_affine(plan.settings.scaling.method, plan.format.units))


def first_layer_gain(plan: Plan) -> float:
    """Return how many times longer the first layer's gradient is than with pixels of unit size.

    It goes with the root mean square of what the layer sees (LeCun et al. 1998, Efficient BackProp, 4.3), at
    least one here. Batch norm that learns evens it out, and a pretrained network keeps its own range.
    """
    if plan.mode != "scratch" or plan.spec.batch_statistics:
        return 1.0
    return max(1.0, seen_range(plan).rms)
