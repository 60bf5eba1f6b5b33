"""JPEG, PNG, BMP, GIF and WebP through Pillow; 16-bit colour PNG through imagecodecs."""

import io
from collections.abc import Iterable, Iterator
from typing import Any

import imagecodecs
import numpy as np
from PIL import BmpImagePlugin, GifImagePlugin, Image, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

from counterpoise.core.catalog.readers.everyday import everyday_pixels, has_orientation
from counterpoise.core.catalog.readers.frame import Frame, Note, Pixels, UnreadableImage, multi_frame_note
from counterpoise.core.catalog.readers.identifiers import (
    EXIF_DETAILS,
    EXIF_PLACE,
    identifier_note,
    kinds_in_exif,
    kinds_in_text,
)
from counterpoise.core.catalog.readers.limits import MAX_PACKED_PIXELS, check_frames, check_size, decoding
from counterpoise.core.catalog.readers.orientation import ORIENTATION, upright
from counterpoise.core.catalog.types import NO_FRAME

# The plug-ins themselves rather than Image.open: it judges sizes by a global limit of its own, and opens
# a JPEG with a second picture in it as another format.
_PLUGINS: dict[str, Any] = {
    "JPEG": JpegImagePlugin.JpegImageFile,
    "PNG": PngImagePlugin.PngImageFile,
    "BMP": BmpImagePlugin.BmpImageFile,
    "GIF": GifImagePlugin.GifImageFile,
    "WebP": WebPImagePlugin.WebPImageFile,
}


MOST_PASSES = 50
"""Over the pixels that any file may take; a progressive JPEG has some ten."""


def read_pillow(data: bytes, image_format: str, wanted: Iterable[int] | None = None) -> Iterator[Frame]:
    """Yield the frames ``wanted`` (None: all), each decoded when asked for."""
    refuse_cut_off(data, image_format)
    with decoding(image_format):
        image = open_pillow(data, image_format)
        count = getattr(image, "n_frames", 1)
        notes = _notes(image, count)
    for index in range(count) if wanted is None else wanted:
        with decoding(image_format):
            pixels = everyday_pixels(image, data) if count == 1 else None
            if pixels is None:
                pixels = _frame(image, data, index)
            elif has_orientation(image):
                pixels = upright(pixels, image.getexif().get(ORIENTATION, 1))
        yield Frame(
            pixels=pixels,
            bits=8 * pixels.dtype.itemsize,
            units="uint16" if pixels.dtype == np.uint16 else "uint8",
            format=image_format,
            frame=index if count > 1 else NO_FRAME,
            n_frames=count,
            notes=notes,
        )


def _check_passes(image: Image.Image, data: bytes) -> None:
    """Raise where all frames, or all passes over a JPEG, would take far longer to decode than any image."""
    count = getattr(image, "n_frames", 1)
    check_frames(count)
    passes = data.count(b"\xff\xda") if image.format == "JPEG" else count
    if passes > MOST_PASSES and passes * image.width * image.height > MAX_PACKED_PIXELS:
        raise UnreadableImage(
            f"its {passes:,} frames or passes of {image.width:,} × {image.height:,} pixels are more than the "
            f"safety limit of {MAX_PACKED_PIXELS / 1e6:,.0f} million",
            "oversized-image",
        )


def open_pillow(data: bytes, image_format: str) -> Image.Image:
    """Open without decoding, the size checked."""
    image: Image.Image = _PLUGINS[image_format](io.BytesIO(data))
    check_size(*image.size)
    _check_passes(image, data)
    return image


def refuse_cut_off(data: bytes, image_format: str) -> None:
    """Raise where the end of the file is missing, which decoders may fill with grey instead.

    Looks for the marks that only a complete file has: PNG's IEND, JPEG's end of image after the last scan.
    """
    missing = (image_format == "PNG" and data.rfind(b"IEND") < 0) or (
        image_format == "JPEG" and data.rfind(b"\xff\xd9") < data.rfind(b"\xff\xda")
    )
    if missing:
        raise UnreadableImage(f"the {image_format} is truncated: its end is missing")


def _frame(image: Image.Image, data: bytes, index: int) -> Pixels:
    if index:
        image.seek(index)
    elif image.tell():
        image.seek(0)
    if image.format == "PNG" and data[24] == 16 and data[25] != 0:
        # Pillow keeps only the high byte of 16-bit colour.
        pixels = np.asarray(imagecodecs.png_decode(data))
        pixels = np.ascontiguousarray(pixels[..., 0] if pixels.shape[-1] < 3 else pixels[..., :3])
    else:
        image.load()
        pixels = _plain(image)
    return upright(pixels, image.getexif().get(ORIENTATION, 1))


def _plain(image: Image.Image) -> Pixels:
    """Return grey or RGB; alpha is dropped onto the colours below it."""
    mode = image.mode
    if mode in ("L", "RGB"):
        pixels = np.asarray(image)
        # Later frames of a grey GIF come as RGB, its first one as palette.
        return _grey_where_equal(pixels) if image.format == "GIF" and mode == "RGB" else pixels
    if mode == "P":
        return _palette(image)
    if mode.startswith("I;16"):
        return np.asarray(image).astype(np.uint16)
    if mode in ("1", "LA"):
        return np.asarray(image.convert("L"))
    if mode in ("RGBA", "RGBX", "CMYK"):
        pixels = np.asarray(image.convert("RGB"))
        return _grey_where_equal(pixels) if image.format == "GIF" else pixels
    raise UnreadableImage(f"its colour mode {mode} can't be read; expected grey, RGB, palette or CMYK")


def _palette(image: Image.Image) -> Pixels:
    table = np.zeros((256, 3), np.uint8)
    entries = np.array(image.getpalette("RGB"), np.uint8).reshape(-1, 3)[:256]
    table[: len(entries)] = entries
    if (entries == entries[:, :1]).all():
        table = table[:, 0]
    pixels: Pixels = table[np.asarray(image)]
    return pixels


def _grey_where_equal(pixels: Pixels) -> Pixels:
    return np.ascontiguousarray(pixels[..., 0]) if (pixels == pixels[..., :1]).all() else pixels


def _notes(image: Image.Image, count: int) -> tuple[Note, ...]:
    kinds: set[str] = set()
    for key, value in image.info.items():
        if isinstance(value, str | bytes) and key not in ("exif", "icc_profile", "xmp", "photoshop"):
            text = value if isinstance(value, str) else value.decode("latin-1", "ignore")
            kinds |= kinds_in_text(str(key), text[:10_000])
    if "exif" in image.info:
        exif = image.getexif()
        tags = dict(exif) | dict(exif.get_ifd(EXIF_DETAILS))
        kinds |= kinds_in_exif(tags | {EXIF_PLACE: exif.get_ifd(EXIF_PLACE)})
    return (*multi_frame_note(count), *identifier_note("metadata", kinds))
