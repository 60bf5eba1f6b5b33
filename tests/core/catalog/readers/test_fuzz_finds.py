"""Files that the fuzzer found to crash, hang or fill the memory once, each made as small as it can be."""

import io
import struct

import imagecodecs
import numpy as np
import pytest
from bombs import dicom
from PIL import Image
from pydicom.encaps import encapsulate
from pydicom.pixels import get_decoder
from pydicom.uid import ExplicitVRLittleEndian, JPEG2000Lossless, RLELossless

from counterpoise.core.catalog.readers import UnreadableImage, imagecodecs_plugin, read_frames_of_bytes


def refused(data: bytes, name: str = "x.dcm") -> UnreadableImage:
    with pytest.raises(UnreadableImage) as raised:
        list(read_frames_of_bytes(data, name))
    return raised.value


@pytest.mark.parametrize("places", [(6, 64, 2**32 - 2**24), (1, 4), (16, 64), (0, 64), (2, 200, 64)])
def test_rle_whose_header_points_elsewhere(places):
    """imagecodecs crashed."""
    header = struct.pack("<16I", *places, *[0] * (16 - len(places)))
    data = dicom(RLELossless, encapsulate([header + bytes(200)]))
    assert refused(data).reason.startswith("no decoder can read its pixels (RLE Lossless)")


def test_a_box_without_length_around_jpeg_2000():
    """pydicom never came to an end."""
    boxes = bytearray(imagecodecs.jpeg2k_encode(np.zeros((8, 8), np.uint8), codecformat="jp2"))
    assert len(list(read_frames_of_bytes(dicom(JPEG2000Lossless, encapsulate([bytes(boxes)]))))) == 1
    boxes[12:16] = bytes(4)
    assert (
        "a box around its JPEG 2000 pixels is damaged"
        in refused(dicom(JPEG2000Lossless, encapsulate([bytes(boxes)]))).reason
    )


@pytest.mark.parametrize("syntax", imagecodecs_plugin.SYNTAXES)
def test_gdcm_is_not_asked(syntax):
    """It ended the whole process at damaged JPEGs, past every ``except``."""
    imagecodecs_plugin.register()
    assert "gdcm" not in get_decoder(syntax).available_plugins


@pytest.mark.parametrize(
    "tags",
    [
        {"NumberOfFrames": 2**31 - 1},
        {"rows": 9_000, "columns": 9_000, "SamplesPerPixel": 65_535},
        {"rows": 9_000, "columns": 9_000, "BitsAllocated": 64, "SamplesPerPixel": 3},
    ],
)
def test_more_than_a_file_may_declare(tags):
    """Room was made for it all before a pixel was read."""
    assert refused(dicom(ExplicitVRLittleEndian, bytes(64), **tags)).code == "oversized-image"


def test_a_gif_of_many_large_frames_and_a_jpeg_of_many_passes():
    """They would be decoded for minutes."""
    stream = io.BytesIO()
    Image.new("L", (8, 8)).save(stream, "GIF")
    small = stream.getvalue()
    start = small.find(b"\x2c\0\0\0\0")
    frames = small[:6] + struct.pack("<HH", 9_000, 9_000) + small[10:start] + small[start:-1] * 60 + b";"
    assert refused(frames, "x.gif").code == "oversized-image"
    stream = io.BytesIO()
    Image.new("L", (8, 8)).save(stream, "JPEG", progressive=True)
    data = stream.getvalue()
    at, first = data.find(b"\xff\xc2"), data.find(b"\xff\xda")
    large = data[: at + 5] + struct.pack(">HH", 9_000, 9_000) + data[at + 9 : first]
    passes = large + data[first : first + 14] * 60 + data[first:]
    assert refused(passes, "x.jpg").code == "oversized-image"


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("image file is truncated", True),
        ("zip() argument 2 is longer than argument 1", False),
        ("invalid literal for int() with base 10: b'\\x03'", False),
        ("corrupted strip cannot be reshaped from (319,) to (1, 5, 64, 1)", False),
        ("broken PNG file (chunk b'I\\x01\\x00R')", False),
    ],
)
def test_reasons_hold_what_people_understand(words, kept):
    from counterpoise.core.catalog.readers.limits import decoding

    with pytest.raises(UnreadableImage) as raised, decoding("TIFF"):
        raise ValueError(words)
    expected = f" ({words})" if kept else ""
    assert raised.value.reason == f"the TIFF is truncated or damaged{expected}"
