"""Small files that would take a careless reader's memory or time."""

import io
import struct
import zlib
from collections.abc import Iterator
from typing import Any

import imagecodecs
import numpy as np
import pydicom
from mutations import png_chunk
from PIL import Image
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    RLELossless,
    generate_uid,
)

ZEROS = 300_000_000
"""Bytes that the packed ones unpack to."""


def bombs() -> Iterator[tuple[str, bytes]]:
    """Yield names and files; each shall be refused or read in bounded time and memory."""
    yield from _png()
    yield from _tiff()
    yield from _jpeg()
    yield from _gif()
    yield from _dicom()
    yield (
        "size.bmp",
        b"BM" + struct.pack("<IIIIiiHHIIiiII", 62, 0, 54, 40, 2**30, 2**30, 1, 24, 0, 0, 1, 1, 0, 0),
    )
    yield (
        "top-down.bmp",
        b"BM" + struct.pack("<IIIIiiHHIIiiII", 62, 0, 54, 40, 9, -(2**31), 1, 24, 0, 0, 1, 1, 0, 0),
    )
    webp = io.BytesIO()
    Image.new("RGB", (8, 8)).save(webp, "WebP", lossless=True)
    yield "size.webp", webp.getvalue()[:21] + b"\xff\xff\xff\xff" + webp.getvalue()[25:]


def _zeros(size: int = ZEROS) -> bytes:
    packer = zlib.compressobj(9)
    block = bytes(1_000_000)
    return b"".join(packer.compress(block) for _ in range(size // len(block))) + packer.flush()


def _png() -> Iterator[tuple[str, bytes]]:
    def png(
        width: int, height: int, bits: int, colour: int, body: bytes, *more: tuple[bytes, bytes]
    ) -> bytes:
        head = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
        chunks = ((b"IHDR", head), *more, (b"IDAT", body), (b"IEND", b""))
        return b"\x89PNG\r\n\x1a\n" + b"".join(png_chunk(*chunk) for chunk in chunks)

    packed = _zeros()
    yield "huge.png", png(60_000, 60_000, 8, 2, packed)
    yield "widest.png", png(2**31 - 1, 1, 8, 0, packed)
    yield "allowed.png", png(10_000, 9_990, 8, 2, packed)
    yield "allowed-deep.png", png(8_000, 6_250, 16, 2, packed)
    yield "text.png", png(8, 8, 8, 0, _zeros(1_000_000), (b"zTXt", b"Comment\0\0" + packed))
    yield (
        "texts.png",
        png(
            8,
            8,
            8,
            0,
            _zeros(1_000_000),
            *[(b"zTXt", b"C%d\0\0" % i + _zeros(1_000_000)) for i in range(200)],
        ),
    )
    yield "profile.png", png(8, 8, 8, 0, _zeros(1_000_000), (b"iCCP", b"icc\0\0" + packed))
    yield "surplus.png", png(8, 8, 8, 0, packed)


def _tiff() -> Iterator[tuple[str, bytes]]:
    def tiff(width: int, height: int, packing: int, strip: bytes, *, next_at: int = 0, **more: Any) -> bytes:
        tags = {
            256: (4, width),
            257: (4, height),
            258: (3, more.get("bits", 8)),
            259: (3, packing),
            262: (3, 1),
        }
        tags |= {
            273: (4, 8),
            277: (3, more.get("samples", 1)),
            278: (4, more.get("rows", height)),
            279: (4, len(strip)),
        }
        entries = [struct.pack("<HHII", tag, kind, 1, value) for tag, (kind, value) in sorted(tags.items())]
        directory = struct.pack("<H", len(entries)) + b"".join(entries) + struct.pack("<I", next_at)
        return b"II*\0" + struct.pack("<I", 8 + len(strip)) + strip + directory

    packed = _zeros()
    yield "strip.tif", tiff(8, 8, 8, packed)
    yield "strip-lzma.tif", tiff(8, 8, 34925, imagecodecs.lzma_encode(bytes(ZEROS)))
    yield "strip-zstd.tif", tiff(8, 8, 50000, imagecodecs.zstd_encode(bytes(ZEROS)))
    yield "strip-jpeg.tif", tiff(8, 8, 7, _grey_jpeg(8_000, 8_000))
    yield "huge.tif", tiff(60_000, 60_000, 8, packed)
    yield "samples.tif", tiff(9_000, 9_000, 8, packed, samples=60_000)
    yield "wide-samples.tif", tiff(9_000, 9_000, 8, packed, bits=64, samples=3)
    yield "rows.tif", tiff(9_000, 9_000, 8, packed, rows=1)
    yield "circle.tif", tiff(8, 8, 1, bytes(64), next_at=72)
    pages, at = [], 8
    for index in range(20_000):  # each page with its own 8 by 8 pixels
        page = tiff(8, 8, 1, bytes(64))[72:-4]
        pages.append(page + struct.pack("<I", at + len(page) + 4 if index < 19_999 else 0))
        at += len(pages[-1])
    yield "pages.tif", b"II*\0" + struct.pack("<I", 8) + b"".join(pages)
    sub = tiff(8, 8, 1, bytes(64))
    yield "many-tags.tif", sub[:72] + struct.pack("<H", 65535) + sub[74:] + bytes(65535 * 12)


def _grey_jpeg(width: int, height: int) -> bytes:
    stream = io.BytesIO()
    Image.new("L", (width, height)).save(stream, "JPEG")
    return stream.getvalue()


def _jpeg() -> Iterator[tuple[str, bytes]]:
    stream = io.BytesIO()
    Image.new("L", (9_000, 9_000)).save(stream, "JPEG", progressive=True)
    data = stream.getvalue()
    at = data.find(b"\xff\xc2")
    yield "size.jpg", data[: at + 5] + struct.pack(">HH", 65535, 65535) + data[at + 9 :]
    first = data.find(b"\xff\xda")
    second = data.find(b"\xff\xc4", first)
    # The same scan again and again: libjpeg goes over all the blocks for each.
    scan = data[first : second if second > 0 else data.find(b"\xff\xda", first + 2)]
    yield "scans.jpg", data[:first] + scan[:14] * 2_000 + scan + b"\xff\xd9"


def _gif() -> Iterator[tuple[str, bytes]]:
    stream = io.BytesIO()
    Image.new("L", (3_000, 3_000)).save(stream, "GIF")
    data = stream.getvalue()
    start = data.find(b"\x2c\0\0\0\0")
    yield "frames.gif", data[:start] + data[start:-1] * 300 + b";"
    tiny = io.BytesIO()
    Image.new("L", (8, 8)).save(tiny, "GIF")
    small = tiny.getvalue()
    start = small.find(b"\x2c\0\0\0\0")
    yield (
        "many.gif",
        small[:6] + struct.pack("<HH", 9_000, 9_000) + small[10:start] + small[start:-1] * 5_000 + b";",
    )
    yield "size.gif", small[:6] + struct.pack("<HH", 65535, 65535) + small[10:]


def dicom(syntax: str, pixels: bytes, rows: int = 8, columns: int = 8, **tags: Any) -> bytes:
    """Return a DICOM file whose tags say what they like about its pixels."""
    data = Dataset()
    data.file_meta = FileMetaDataset()
    data.file_meta.TransferSyntaxUID = syntax
    data.SOPClassUID, data.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.7", generate_uid(entropy_srcs=["x"])
    data.Rows, data.Columns, data.SamplesPerPixel = rows, columns, 1
    data.PhotometricInterpretation, data.PixelRepresentation = "MONOCHROME2", 0
    data.BitsAllocated, data.BitsStored, data.HighBit = 8, 8, 7
    for keyword, value in tags.items():
        setattr(data, keyword, value)
    data.PixelData = pixels + b"\0" * (len(pixels) % 2)
    data["PixelData"].VR = "OB"
    stream = io.BytesIO()
    data.save_as(stream, enforce_file_format=True)
    return stream.getvalue()


def _dicom() -> Iterator[tuple[str, bytes]]:
    plain = ExplicitVRLittleEndian
    yield "frames.dcm", dicom(plain, bytes(64), NumberOfFrames=2**31 - 1)
    yield "size.dcm", dicom(plain, bytes(64), 65535, 65535)
    yield "samples.dcm", dicom(plain, bytes(64), 9_000, 9_000, SamplesPerPixel=65535)
    yield "bits.dcm", dicom(plain, bytes(64), 9_000, 9_000, BitsAllocated=65528, BitsStored=65528)
    yield "frames-rle.dcm", dicom(RLELossless, encapsulate([bytes(64)]), NumberOfFrames=2**31 - 1)
    yield "frames-size.dcm", dicom(plain, bytes(64), 9_000, 9_000, NumberOfFrames=100_000)
    yield "deflated.dcm", _deflated(dicom(plain, bytes(ZEROS), 9_000, 9_000))
    yield "frames-deflated.dcm", _deflated(dicom(plain, bytes(ZEROS), 8, 8, NumberOfFrames=ZEROS // 64))
    yield "empty-frames.dcm", dicom(JPEG2000Lossless, encapsulate([b"\0\0"] * 20_000), NumberOfFrames=20_000)
    yield "inner-size.dcm", dicom(JPEGBaseline8Bit, encapsulate([_grey_jpeg(16_000, 16_000)]))
    jp2 = imagecodecs.jpeg2k_encode(np.zeros((8_000, 8_000), np.uint8), codecformat="j2k")
    yield "inner-size-2000.dcm", dicom(JPEG2000Lossless, encapsulate([jp2]))
    rle = struct.pack("<16I", 1, 64, *[0] * 14) + b"\x81\0" * (ZEROS // 128)
    yield "inner-size-rle.dcm", dicom(RLELossless, encapsulate([rle]))
    yield "deep.dcm", _deep(3_000)
    yield "table.dcm", dicom(plain, bytes(64), PhotometricInterpretation="PALETTE COLOR")


def _deflated(data: bytes) -> bytes:
    dataset = pydicom.dcmread(io.BytesIO(data))
    dataset.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    dataset.save_as(stream := io.BytesIO())
    return stream.getvalue()


def _deep(levels: int) -> bytes:
    """Sequences of unknown length, one within the other."""
    open_item = struct.pack("<HHIHHI", 0x0008, 0x1140, 2**32 - 1, 0xFFFE, 0xE000, 2**32 - 1)
    whole = dicom(ImplicitVRLittleEndian, bytes(64))
    meta = 144 + int.from_bytes(whole[140:144], "little")
    return whole[:meta] + open_item * levels + whole[meta:]
