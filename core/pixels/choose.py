"""The form of the pixels that suits a set of images."""

from collections.abc import Sequence
from statistics import median

from counterpoise.core.catalog.types import ImageRecord, Units
from counterpoise.core.pixels.format import PixelFormat
from counterpoise.core.settings.field import Auto

MOST_ENLARGEMENT = 4
SIDES = (224, 96, 64, 32)
SMALL_IMAGE = 48
"""Images of this side and below lose nothing at 96 pixels, and 224 would cost five times the work."""


def choose_format(images: Sequence[ImageRecord], image_size: int | Auto, minimum: int = 32) -> PixelFormat:
    """Return size, channels and units for ``images``; ``minimum`` is the smallest side the network takes.

    Three channels if any image has three. Units are the widest present: the file's own floats, else
    rescaled DICOM values, else 16 bits, else 8.
    """
    side = automatic_size(images) if image_size == "auto" else image_size
    side = max(side, minimum)
    present = {image.units for image in images}
    widest: tuple[Units, ...] = ("float", "dicom", "uint16")
    units = next((units for units in widest if units in present), "uint8")
    channels = 3 if any(image.channels == 3 for image in images) else 1
    return PixelFormat(size=(side, side), channels=channels, units=units)


def automatic_size(images: Sequence[ImageRecord]) -> int:
    """Return the side for ``auto``, from the median of the images' shorter sides.

    The largest of 224, 96, 64 and 32 that enlarges them at most four times; 96 up to 48 pixels.
    """
    middle = median(min(image.width, image.height) for image in images) if images else SIDES[0]
    allowed = SIDES if middle > SMALL_IMAGE else SIDES[1:]
    return next((side for side in allowed if middle * MOST_ENLARGEMENT >= side), SIDES[-1])
