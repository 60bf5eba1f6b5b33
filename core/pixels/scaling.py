"""Scaling: how raw values become what a network sees. Part of the model, fitted on training images alone."""

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from counterpoise.core.pixels.format import PixelFormat

ScalingMethod = Literal["minmax", "zscore", "image_zscore", "percentile", "window", "none"]
PERCENTILES = (1.0, 99.0)


class FittedScaling(BaseModel):
    """``y = (x - offset) * scale`` per channel; then clipped, or standardised image by image.

    ``offset`` and ``scale`` have one entry per channel. With ``per_image`` the image is then standardised
    by its own mean and variance over all its pixels and channels, ``(y - mean) / sqrt(variance + epsilon)``:
    a LayerNormalization over height, width and channels. The fitted step before it changes nothing in that
    but that ``epsilon`` means the same for every unit.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    method: ScalingMethod
    offset: tuple[float, ...]
    scale: tuple[float, ...]
    clip: tuple[float, float] | None = None
    per_image: bool = False
    epsilon: float = 1e-6

    def apply(self, x: NDArray[Any]) -> NDArray[np.float32]:
        """Return raw values [..., height, width, channels] as the network sees them, float32."""
        offset, scale = np.array(self.offset, np.float32), np.array(self.scale, np.float32)
        y = (x.astype(np.float32) - offset) * scale
        if self.clip is not None:
            np.clip(y, *self.clip, out=y)
        if self.per_image:
            axes = (-3, -2, -1)
            y -= y.mean(axis=axes, keepdims=True)
            y /= np.sqrt(np.square(y).mean(axis=axes, keepdims=True) + np.float32(self.epsilon))
        return np.asarray(y, np.float32)

    def to_json(self) -> dict[str, Any]:
        return self.model_dump(mode="json")


def resolve_scaling_method(method: str, fmt: PixelFormat) -> ScalingMethod:
    """Return the method, ``auto`` replaced: minmax for 8-bit images, percentiles for all others.

    One hot pixel of a 16-bit detector, or metal in a CT, would own the range of minmax.
    """
    if method == "auto":
        return "minmax" if fmt.units == "uint8" else "percentile"
    return method  # type: ignore[return-value]  # the settings admit no other value
