"""TIFF and BigTIFF through tifffile: every depth, float, tiles, many pages."""

import io
import logging
from collections.abc import Iterable, Iterator
from typing import Any, Literal

import numpy as np
import tifffile
from PIL import Image

from counterpoise.core.catalog.readers.frame import Frame, Note, Pixels, UnreadableImage, multi_frame_note
from counterpoise.core.catalog.readers.identifiers import identifier_note, kinds_in_exif
from counterpoise.core.catalog.readers.limits import (
    check_bytes,
    check_finite,
    check_frames,
    check_size,
    decoding,
)
from counterpoise.core.catalog.readers.orientation import ORIENTATION, upright
from counterpoise.core.catalog.types import NO_FRAME, Units

MAX_TAGS = 4096
# It logs every odd tag; without a handler that would go to stderr.
logging.getLogger("tifffile").addHandler(logging.NullHandler())


def read_tiff(data: bytes, wanted: Iterable[int] | None = None) -> Iterator[Frame]:
    """Yield the pages ``wanted`` (None: all); reduced copies and masks of other pages are no frames."""
    with decoding("TIFF"):
        file = tifffile.TiffFile(io.BytesIO(data))
        pages = _own_pages(file, _count_pages(data))
        count = len(pages)
        notes = _notes(pages[0], count)
    for index in range(count) if wanted is None else wanted:
        with decoding("TIFF"):
            page = pages[index]
            _check(page, len(data))
            pixels = _pixels(page, data, index)
            pixels = upright(pixels, int(_tag(page, ORIENTATION, 1)))
        check_finite(pixels)
        units: dict[str, Units] = {"uint8": "uint8", "uint16": "uint16"}
        yield Frame(
            pixels=pixels,
            bits=max(8, int(page.bitspersample)),
            units=units.get(pixels.dtype.name, "float"),
            format="TIFF",
            frame=index if count > 1 else NO_FRAME,
            n_frames=count,
            notes=notes,
        )


def _count_pages(data: bytes) -> int:
    """Walk the chain of page directories; raises ValueError where it is broken or runs in a circle.

    tifffile follows a damaged chain through millions of pages.
    """
    order: Literal["little", "big"] = "little" if data[:2] == b"II" else "big"
    big = data[2:4] in (b"+\0", b"\0+")
    head, count_size, entry, offset_size = (8, 8, 20, 8) if big else (4, 2, 12, 4)
    offset = int.from_bytes(data[head : head + offset_size], order)
    seen: set[int] = set()
    while offset:
        count = int.from_bytes(data[offset : offset + count_size], order)
        following = offset + count_size + count * entry
        if offset in seen or not 0 < count <= MAX_TAGS or following + offset_size > len(data):
            raise ValueError("the chain of its pages is broken")
        seen.add(offset)
        offset = int.from_bytes(data[following : following + offset_size], order)
    check_frames(len(seen))
    return len(seen)


def _own_pages(file: tifffile.TiffFile, count: int) -> list[Any]:
    pages = [file.pages[index].aspage() for index in range(count)]
    return [page for page in pages if not (page.is_reduced or page.is_mask)] or pages[:1]


def _check(page: Any, available: int) -> None:
    check_size(page.imagewidth, page.imagelength)
    check_bytes(page.imagewidth, page.imagelength, page.samplesperpixel, page.bitspersample)
    if page.imagedepth != 1 or page.dtype is None or page.dtype.kind not in "buif":
        raise UnreadableImage(
            "the TIFF holds volumes or complex numbers; expected integers or floats in planes"
        )
    # Missing strips would be read as zeros.
    for offset, count in zip(page.dataoffsets, page.databytecounts, strict=True):
        if count == 0 or offset + count > available:
            raise UnreadableImage("the TIFF is truncated: parts of the pixels are missing")


def _pixels(page: Any, data: bytes, index: int) -> Pixels:
    photometric = page.photometric.name
    if (photometric == "YCBCR" and page.compression.name != "JPEG") or photometric in ("CIELAB", "ICCLAB"):
        return _by_pillow(data, index)
    values = page.asarray()
    if page.samplesperpixel > 1 and page.planarconfig.name == "SEPARATE":
        values = np.moveaxis(values, 0, -1)
    values = _depth(values, page, photometric)
    if photometric == "PALETTE":
        table = np.asarray(page.colormap)
        table = (table >> 8 if table.max() > 255 else table).astype(np.uint8).T
        return np.ascontiguousarray((table[:, 0] if (table == table[:, :1]).all() else table)[values])
    if photometric == "MINISWHITE":
        values = ~values if values.dtype.kind == "u" else -values
    if photometric == "SEPARATED" and values.ndim == 3 and values.shape[2] >= 4 and values.dtype == np.uint8:
        return np.asarray(Image.fromarray(np.ascontiguousarray(values[..., :4]), "CMYK").convert("RGB"))
    return _channels(values, photometric)


def _depth(values: np.ndarray[Any, Any], page: Any, photometric: str) -> Pixels:
    """Return uint8 and uint16 as they are, few bits stretched to 8 (as PNG does), all else float32."""
    bits = int(page.bitspersample)
    if values.dtype == bool or (values.dtype == np.uint8 and bits < 8):
        stretch = 1 if photometric == "PALETTE" else 255 // (2**bits - 1)
        return values.astype(np.uint8) * np.uint8(stretch)
    native = values.astype(values.dtype.newbyteorder("="), copy=False)
    return native if native.dtype in (np.uint8, np.uint16) else native.astype(np.float32)


def _channels(values: Pixels, photometric: str) -> Pixels:
    if values.ndim == 2:
        return np.ascontiguousarray(values)
    samples = values.shape[2]
    if samples in (1, 2) and photometric in ("MINISBLACK", "MINISWHITE"):
        return np.ascontiguousarray(values[..., 0])
    if samples == 3 or (samples == 4 and photometric in ("RGB", "YCBCR")):
        return np.ascontiguousarray(values[..., :3])
    raise UnreadableImage(f"it has {samples} channels; expected grey or colour, with or without alpha")


def _by_pillow(data: bytes, index: int) -> Pixels:
    """Read colour spaces that tifffile leaves as they are."""
    with Image.open(io.BytesIO(data), formats=["TIFF"]) as image:
        image.seek(index)
        return np.asarray(image.convert("RGB"))


def _tag(page: Any, number: int, default: Any) -> Any:
    tag = page.tags.get(number)
    return default if tag is None else tag.value


def _notes(page: Any, count: int) -> tuple[Note, ...]:
    kinds = kinds_in_exif({tag.code: tag.value for tag in page.tags if isinstance(tag.value, str)})
    return (*multi_frame_note(count), *identifier_note("metadata", kinds))
