"""What reaches the network of an image, as values that can be shown."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from counterpoise.core.pixels.prepare import Prepared
from counterpoise.core.pixels.scaling import FittedScaling

Ends = tuple[float, float]


@dataclass(frozen=True)
class AsSeen:
    """The values that the first layer is given."""

    values: NDArray[np.float32]
    """[height, width], or [height, width, 3] where the channels differ."""
    channels: int
    ends: Ends
    """Range that the scaling allows, or that the sample fills: black and white of a picture."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        height, width = self.values.shape[:2]
        return int(width), int(height)


def as_seen(
    image: Prepared, scaling: FittedScaling, affine: Ends = (1.0, 0.0), sample: NDArray[Any] | None = None
) -> AsSeen:
    """Scale a prepared image [height, width, channels] as the network's own graph does.

    ``affine`` is the fixed factor and shift in front of a pretrained backbone. ``sample`` [n, height,
    width, channels] gives the ends where the scaling cuts nothing off; without it the image itself does.
    """
    factor, shift = affine
    seen = scaling.apply(image) * np.float32(factor) + np.float32(shift)
    if scaling.clip is not None:
        low, high = sorted(end * factor + shift for end in scaling.clip)
    else:
        low, high = ends_of(seen if sample is None else scaling.apply(sample) * factor + shift)
    channels = seen.shape[2]
    return AsSeen(seen[:, :, 0] if _is_grey(seen) else seen, channels, (low, high))


def ends_of(values: NDArray[Any]) -> Ends:
    """Return the lowest and highest finite value; they always differ."""
    finite = values[np.isfinite(values)]
    if not finite.size:
        return 0.0, 1.0
    low, high = float(finite.min()), float(finite.max())
    return (low, high) if high > low else (low, low + 1)


def _is_grey(values: NDArray[np.float32]) -> bool:
    first = values[:, :, :1]
    return bool(((values == first) | (np.isnan(values) & np.isnan(first))).all())
