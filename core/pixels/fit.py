"""Fitting a scaling on training images."""

import numpy as np
from numpy.typing import NDArray

from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.pixels.format import PixelFormat
from counterpoise.core.pixels.scaling import PERCENTILES, FittedScaling, resolve_scaling_method
from counterpoise.core.pixels.statistics import Blocks, mean_std, minimum_maximum, percentiles
from counterpoise.core.settings import ScalingSettings

UNIT = (0.0, 1.0)


class DegenerateScalingError(CounterpoiseError):
    """A scaling without a range: nothing would be left of the images."""


def fit_scaling(settings: ScalingSettings, fmt: PixelFormat, blocks: Blocks) -> FittedScaling:
    """Fit on ``blocks`` of prepared training images (see ``Blocks``); memory doesn't grow with their number.

    Per channel: minmax (x - min) / (max - min); zscore (x - mean) / std; percentile as minmax between the
    1st and 99th percentile, clipped; window to centre and width, clipped; image_zscore each image by
    itself; none raw. A channel that is constant (blue in a red fluorescence) carries nothing and becomes
    0; raises DegenerateScalingError where that is so of all channels.
    """
    method = resolve_scaling_method(settings.method, fmt)
    if method == "none":
        return FittedScaling(method=method, offset=(0.0,) * fmt.channels, scale=(1.0,) * fmt.channels)
    if method == "window":
        return _window(settings.window, fmt.channels)
    if method == "minmax":
        offset, high = minimum_maximum(blocks)
        width = high - offset
    elif method == "percentile":
        offset, high = percentiles(blocks, PERCENTILES)
        width = high - offset
    else:
        offset, width = mean_std(blocks)
    if method == "image_zscore":
        # One for all channels: each by itself would change how they stand to each other.
        pooled = np.sqrt((np.square(width) + np.square(offset - offset.mean())).mean())
        offset, width = np.full_like(offset, offset.mean()), np.full_like(width, pooled)
    return FittedScaling(
        method=method,
        offset=tuple(map(float, offset)),
        scale=_inverse(width, method),
        clip=UNIT if method == "percentile" else None,
        per_image=method == "image_zscore",
    )


def _window(window: tuple[float, float] | None, channels: int) -> FittedScaling:
    if window is None or not (np.isfinite(window).all() and window[1] > 0):
        raise DegenerateScalingError(
            f"The scaling 'window' needs a centre and a width above 0; received {window}. "
            "Set scaling.window=[centre, width] in the units of the images."
        )
    centre, width = window
    return FittedScaling(
        method="window",
        offset=(centre - width / 2,) * channels,
        scale=(1 / width,) * channels,
        clip=UNIT,
    )


def _inverse(width: NDArray[np.float64], method: str) -> tuple[float, ...]:
    usable = np.isfinite(width) & (width > 0)
    if not usable.any():
        advice = "Choose scaling.method=minmax." if method == "percentile" else "Use images that differ."
        raise DegenerateScalingError(
            f"The scaling '{method}' finds no range in the training images: expected pixels that differ, "
            f"received the same value throughout. {advice}"
        )
    widest = width[usable].max()
    return tuple(float(1 / w) for w in np.where(usable, width, widest))
