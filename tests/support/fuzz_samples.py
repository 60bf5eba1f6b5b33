"""Small healthy files of every format we read, as food for the fuzzer."""

import importlib.util
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pydicom
import tifffile
from PIL import Image
from pydicom.encaps import encapsulate
from pydicom.uid import DeflatedExplicitVRLittleEndian, HTJ2KLossless, JPEGLossless

LARGEST = 150_000
"""Bytes: larger samples would make each file slow, not other."""
COLOUR = np.kron(np.random.default_rng(0).integers(0, 256, (6, 8, 3)), np.ones((8, 8, 1))).astype(np.uint8)
GREY = np.ascontiguousarray(COLOUR[..., 1])
DEEP = GREY.astype(np.uint16) * 257 ^ 5
FLOAT = GREY.astype(np.float32) / 7


def samples() -> dict[str, bytes]:
    """Return healthy files by name; the name's ending fits."""
    made = dict(_by_pillow()) | dict(_tiffs()) | dict(_dicoms())
    return {name: data for name, data in made.items() if len(data) <= LARGEST}


def _saved(pixels: np.ndarray, image_format: str, mode: str | None = None, **options: Any) -> bytes:
    stream = io.BytesIO()
    image = Image.fromarray(pixels)
    (image.convert(mode) if mode else image).save(stream, image_format, **options)
    return stream.getvalue()


def _by_pillow() -> Iterator[tuple[str, bytes]]:
    for mode in ("1", "L", "LA", "P", "RGB", "RGBA"):
        yield f"png-{mode}.png", _saved(COLOUR, "PNG", mode)
    yield "png-16.png", _saved(DEEP, "PNG")
    yield "png-16-rgb.png", imagecodecs.png_encode(np.stack([DEEP] * 3, -1))
    yield "png-16-la.png", imagecodecs.png_encode(np.stack([DEEP] * 2, -1))
    exif = Image.Exif()
    exif[0x0112], exif[0x010E], exif[0x0132] = 6, "chest", "2020:01:02 03:04:05"
    yield "png-exif.png", _saved(COLOUR, "PNG", exif=exif, icc_profile=b"\0" * 300, pnginfo=_text())
    for name, options in {
        "base": {},
        "progressive": {"progressive": True},
        "exif": {"exif": exif, "comment": b"a comment"},
        "444": {"subsampling": 0, "quality": 95},
    }.items():
        yield f"jpeg-{name}.jpg", _saved(COLOUR, "JPEG", **options)
    yield "jpeg-L.jpg", _saved(GREY, "JPEG")
    yield "jpeg-cmyk.jpg", _saved(COLOUR, "JPEG", "CMYK")
    for mode in ("1", "L", "P", "RGB", "RGBA"):
        yield f"bmp-{mode}.bmp", _saved(COLOUR, "BMP", mode)
    frames = [Image.fromarray(np.roll(COLOUR, 8 * i, 1)) for i in range(1, 4)]
    yield "gif.gif", _saved(COLOUR, "GIF")
    yield "gif-grey.gif", _saved(GREY, "GIF")
    yield "gif-many.gif", _saved(COLOUR, "GIF", save_all=True, append_images=frames, loop=0)
    yield "webp.webp", _saved(COLOUR, "WebP")
    yield "webp-lossless.webp", _saved(COLOUR, "WebP", "RGBA", lossless=True)
    yield "webp-many.webp", _saved(COLOUR, "WebP", save_all=True, append_images=frames)
    yield "webp-exif.webp", _saved(COLOUR, "WebP", exif=exif)
    yield "tiff-g4.tif", _saved(COLOUR, "TIFF", "1", compression="group4")
    yield "tiff-ycc.tif", _saved(COLOUR, "TIFF", "YCbCr", compression="tiff_lzw")
    yield "tiff-cmyk.tif", _saved(COLOUR, "TIFF", "CMYK")
    yield "tiff-palette.tif", _saved(COLOUR, "TIFF", "P")
    yield "tiff-lab.tif", _saved(COLOUR, "TIFF", "LAB")


def _text() -> Any:
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Comment", "a text of some length " * 20, zip=True)
    info.add_itxt("Title", "an image", "en", "an image")
    return info


def _tiffs() -> Iterator[tuple[str, bytes]]:
    def tiff(name: str, pixels: np.ndarray, **options: Any) -> tuple[str, bytes]:
        stream = io.BytesIO()
        tifffile.imwrite(stream, pixels, **options)
        return f"tiff-{name}.tif", stream.getvalue()

    for kind in ("u1", "u2", "u4", "i1", "i2", "i4", "f2", "f4", "f8", "?"):
        yield tiff(f"type-{kind[0]}{kind[1:]}".replace("?", "bool"), FLOAT.astype(kind))
    for packing in (
        "deflate",
        "lzw",
        "packbits",
        "lzma",
        "zstd",
        "webp",
        "jpeg",
        "jpeg2000",
        "jpegxl",
        "png",
    ):
        pixels = COLOUR if packing in ("webp", "jpeg") else GREY
        yield tiff(f"packed-{packing}", pixels, compression=packing)
    yield tiff("deep-lzw", DEEP, compression="lzw", predictor=True)
    yield tiff("float-deflate", FLOAT, compression="deflate", predictor=True)
    yield tiff("colour-planes", np.moveaxis(COLOUR, -1, 0), planarconfig="separate", photometric="rgb")
    yield tiff("tiles", DEEP, tile=(16, 16), compression="deflate")
    yield tiff("tiles-jpeg", COLOUR, tile=(32, 32), compression="jpeg")
    yield tiff("strips", DEEP, rowsperstrip=5, compression="lzw")
    yield tiff("pages", np.stack([DEEP] * 4), photometric="minisblack", metadata=None)
    yield tiff("big", DEEP, bigtiff=True)
    yield tiff("big-endian", DEEP, byteorder=">")
    yield tiff("inverted", GREY, photometric="miniswhite")
    yield tiff("imagej", np.stack([DEEP] * 2), imagej=True)
    yield tiff("words", GREY, description="a description", datetime=True, software="none")


def _dicoms() -> Iterator[tuple[str, bytes]]:
    """Yield the smallest few image files of each transfer syntax among those that pydicom brings along."""
    folder = Path(pydicom.__file__).parent / "data" / "test_files"
    found: dict[str, list[tuple[int, str, bytes]]] = {}
    for file in [path for place in (folder, _more_dicom()) if place for path in sorted(place.rglob("*.dcm"))]:
        data = file.read_bytes() if file.stat().st_size <= LARGEST else b""
        if any(tag in data for tag in (b"\xe0\x7f\x10\0O", b"\x7f\xe0\0\x10O", b"\xe0\x7f\x10\0\0")):
            start = data.find(b"\x02\0\x10\0UI") + 6
            if start < 6:
                continue
            syntax = data[start + 2 : start + 2 + data[start]].decode("latin-1").strip("\0")
            found.setdefault(syntax, []).append((len(data), file.stem, data))
    for syntax, files in sorted(found.items()):
        for _, name, data in sorted(files)[:5]:
            yield f"dicom-{syntax.removeprefix('1.2.840.10008.')}-{name}.dcm", data
    whole = pydicom.dcmread(folder / "CT_small.dcm")
    whole.save_as(bare := io.BytesIO(), enforce_file_format=False)
    yield "dicom-bare.dcm", bare.getvalue()[132:]
    whole.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    whole.save_as(deflated := io.BytesIO())
    yield "dicom-deflated.dcm", deflated.getvalue()
    for syntax, packed in (
        (HTJ2KLossless, imagecodecs.htj2k_encode),
        (JPEGLossless, imagecodecs.ljpeg_encode),
    ):
        whole = pydicom.dcmread(folder / "CT_small.dcm")
        values = whole.pixel_array.astype(np.uint16)
        whole.file_meta.TransferSyntaxUID = syntax
        whole.PixelRepresentation, whole.PixelData = 0, encapsulate([packed(values)])
        whole["PixelData"].VR = "OB"
        whole.save_as(stream := io.BytesIO())
        yield f"dicom-{syntax.keyword}.dcm", stream.getvalue()


def _more_dicom() -> Path | None:
    """Return the folder of the package pydicom-data where it is installed."""
    found = importlib.util.find_spec("data_store")
    return Path(found.origin).parent / "data" if found and found.origin else None
