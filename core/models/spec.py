"""What is known of a network before it is built: an entry of the registry."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from counterpoise.core.models.layers import Layer

Mode = Literal["features", "finetune", "scratch"]
UNIT_METHODS = ("minmax", "percentile", "window")
"""Scalings whose result lies in 0 to 1."""

FULL_RANGE = {"uint8": (0.0, 255.0), "uint16": (0.0, 65535.0), "dicom": (-1024.0, 3071.0)}
"""Raw values by their units; of DICOM, 12 bits of Hounsfield units, which other modalities fit roughly."""


@dataclass(frozen=True)
class ModelSpec:
    """A network that can be chosen."""

    name: str
    label: str
    help: str
    modes: tuple[Mode, ...]
    minimum_size: int
    """Smallest side in pixels it can take."""
    feature_width: int
    parameters: int
    """Weights of the backbone, without the head; at 96 pixels where it depends on the size."""
    batch_statistics: bool
    """Whether training from scratch learns statistics of batches (batch norm)."""
    channels: int | None
    """Channels the backbone wants; None takes what the images have."""
    native: tuple[float, float] | None
    """Scale and offset from 0..1 to the range the pretrained weights know; None without such weights."""
    layers: Callable[[str, str], tuple[Layer, ...]]
    """From the name of the layer before the backbone and the name of its last layer to its layers."""
    weights: Callable[[Path | None], dict[str, NDArray[np.float32]]] | None = None
    """Reads the pretrained weights, bundled (None) or from a file."""

    @property
    def pretrained(self) -> bool:
        return self.weights is not None

    def native_affine(self, method: str, units: str) -> tuple[float, float]:
        """Return scale and offset that bring scaled values near the range of the pretrained weights.

        ``method`` is the scaling, ``units`` those of the raw values. It is fixed, not fitted: scalings to
        0..1 map onto the native range exactly; z-scores, whose spread is about twice that of ImageNet in
        its native range, are halved; raw 8 and 16 bit values are mapped by their full range, DICOM values by
        that of CT; other raw values stay as they are. Where values lie far outside all the same the check
        ``pixels-unscaled`` says so.
        """
        if self.native is None:
            return 1.0, 0.0
        scale, offset = self.native
        if method in UNIT_METHODS:
            return scale, offset
        if method in ("zscore", "image_zscore"):
            return 0.5, 0.0
        if units not in FULL_RANGE:
            return 1.0, 0.0
        low, high = FULL_RANGE[units]
        return scale / (high - low), offset - scale * low / (high - low)
