"""What a scaling does to a real image, seen on a sample of the training part."""

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from counterpoise.core.pixels.format import PixelFormat
from counterpoise.core.settings import ScalingSettings
from counterpoise.gui.widgets.histogram_pair import Side

if TYPE_CHECKING:
    from counterpoise.core.models.spec import ModelSpec
    from counterpoise.core.pixels.scaling import FittedScaling

EIGHT_BIT = (0.0, 255.0)
PADDED = (0.0, 1.0)


def fit_on_sample(settings: ScalingSettings, fmt: PixelFormat, sample: npt.NDArray[Any]) -> "FittedScaling":
    """Fit a method on the sample alone, for a picture; raises CounterpoiseError without a range."""
    from counterpoise.core.pixels.fit import fit_scaling

    return fit_scaling(settings, fmt, [sample])


def sides(
    image: npt.NDArray[Any],
    sample: npt.NDArray[Any],
    scaling: "FittedScaling",
    spec: "ModelSpec | None",
    units: str,
) -> tuple[Side, Side]:
    """Return the image as stored and as the network sees it.

    ``image`` [h, w, c] is one of ``sample``, whose range gives the ends of the axes, so that methods
    can be compared.
    """
    before = _side(image.astype(np.float32), EIGHT_BIT if units == "uint8" else _ends(sample))
    factor, shift = spec.native_affine(scaling.method, units) if spec else (1.0, 0.0)
    seen = scaling.apply(image) * np.float32(factor) + np.float32(shift)
    if scaling.clip is not None:
        low, high = sorted(end * factor + shift for end in scaling.clip)
    else:
        low, high = _ends(scaling.apply(sample) * factor + shift)
    return before, _side(seen, (low, high))


def _ends(values: npt.NDArray[Any]) -> tuple[float, float]:
    finite = values[np.isfinite(values)]
    if not finite.size:
        return PADDED
    low, high = float(finite.min()), float(finite.max())
    return (low, high) if high > low else (low, low + 1)


def _side(values: npt.NDArray[np.float32], ends: tuple[float, float]) -> Side:
    grey = values[:, :, 0] if values.ndim == 3 and values.shape[2] == 1 else values
    return Side(grey, *ends)
