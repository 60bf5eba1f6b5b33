"""What a scaling does to a real image, seen on a sample of the training part."""

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from counterpoise.core.pixels.as_seen import AsSeen, as_seen, ends_of
from counterpoise.core.pixels.format import PixelFormat
from counterpoise.core.settings import ScalingSettings
from counterpoise.gui.widgets.histogram_pair import Side

if TYPE_CHECKING:
    from counterpoise.core.models.spec import ModelSpec
    from counterpoise.core.pixels.scaling import FittedScaling
    from counterpoise.core.safety.plan import Plan

EIGHT_BIT = (0.0, 255.0)


def fit_on_sample(settings: ScalingSettings, fmt: PixelFormat, sample: npt.NDArray[Any]) -> "FittedScaling":
    """Fit a method on the sample alone, for a picture; raises CounterpoiseError without a range."""
    from counterpoise.core.pixels.fit import fit_scaling

    return fit_scaling(settings, fmt, [sample])


def native_spec(plan: "Plan") -> "ModelSpec | None":
    """Return the network whose own range the values are brought to; none where it learns from scratch."""
    return None if plan.settings.model.mode == "scratch" else plan.spec


def seen_by_network(
    image: npt.NDArray[Any],
    sample: npt.NDArray[Any],
    scaling: "FittedScaling",
    spec: "ModelSpec | None",
    units: str,
) -> AsSeen:
    """Return ``image`` [h, w, c] as the network is given it; ``sample`` gives the ends, so that methods
    can be compared."""
    affine = spec.native_affine(scaling.method, units) if spec else (1.0, 0.0)
    return as_seen(image, scaling, affine, sample)


def sides(
    image: npt.NDArray[Any],
    sample: npt.NDArray[Any],
    scaling: "FittedScaling",
    spec: "ModelSpec | None",
    units: str,
) -> tuple[Side, Side]:
    """Return one image of the sample as stored and as the network sees it."""
    before = image.astype(np.float32)
    grey = before[:, :, 0] if before.shape[2] == 1 else before
    after = seen_by_network(image, sample, scaling, spec, units)
    ends = EIGHT_BIT if units == "uint8" else ends_of(sample)
    return Side(grey, *ends), Side(after.values, *after.ends)
