"""The form in which every image reaches a network: the content of ``preprocessing.json``."""

from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict

from counterpoise.core.catalog.types import Units


class PixelFormat(BaseModel):
    """Size, channels and units of the raw values a graph takes, before scaling.

    ``units``: uint8 is 0 to 255, uint16 0 to 65535, dicom the rescaled values (such as Hounsfield
    units), float the file's own. Files of 8 bits in a set of 16 are multiplied by 257.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format_version: Literal[1] = 1
    size: tuple[int, int]
    """Height and width."""
    channels: Literal[1, 3]
    resize: Literal["bilinear"] = "bilinear"
    """Pillow's antialiased bilinear filter onto the whole square, the aspect not kept."""
    units: Units

    @property
    def dtype(self) -> np.dtype[np.generic]:
        """How prepared images are stored: uint8, uint16, else float32."""
        return np.dtype({"uint8": "uint8", "uint16": "uint16"}.get(self.units, "float32"))

    @property
    def shape(self) -> tuple[int, int, int]:
        return (*self.size, self.channels)
