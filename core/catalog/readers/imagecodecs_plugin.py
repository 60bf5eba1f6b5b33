"""A decoder plug-in for pydicom: 12-bit JPEG, RLE, and what its own free plug-ins give up on.

gdcm is taken out: at damaged JPEGs it ends the whole process (a C++ exception that nobody catches), and of
the 269 sample files at hand it reads none that the others don't, nor any otherwise. RLE is read by this
plug-in alone: damaged data makes pylibjpeg-rle panic past every ``except Exception``.
"""

import struct
from typing import Any

import imagecodecs
import numpy as np
from pydicom import uid
from pydicom.pixels import get_decoder

LABEL = "imagecodecs"
_JPEG = (uid.JPEGBaseline8Bit, uid.JPEGExtended12Bit)
_LOSSLESS = (uid.JPEGLossless, uid.JPEGLosslessSV1)
_JPEG_LS = (uid.JPEGLSLossless, uid.JPEGLSNearLossless)
_JPEG_2000 = (uid.JPEG2000Lossless, uid.JPEG2000, uid.HTJ2KLossless, uid.HTJ2KLosslessRPCL, uid.HTJ2K)
_FRAME_HEADERS = frozenset((0xF7, *range(0xC0, 0xD0))) - {0xC4, 0xC8, 0xCC}
"""JPEG's markers that are followed by the size (ITU-T T.81, table B.1; T.87 for JPEG-LS)."""
SYNTAXES = (uid.RLELossless, *_JPEG, *_LOSSLESS, *_JPEG_LS, *_JPEG_2000)
DECODER_DEPENDENCIES = dict.fromkeys(SYNTAXES, ("imagecodecs",))


def is_available(syntax: str) -> bool:
    """Whether this plug-in reads a transfer syntax (part of pydicom's plug-in protocol)."""
    return syntax in DECODER_DEPENDENCIES


def decode_frame(source: bytes, runner: Any) -> bytes:
    """Return one frame's raw pixels, colour by pixel, the colour space left as it is encoded."""
    syntax = runner.transfer_syntax
    if syntax == uid.RLELossless:
        return _rle(source, runner)
    if syntax in (*_JPEG, *_LOSSLESS, *_JPEG_LS):
        _check_inner_size(source, runner)
    if syntax in _JPEG:
        # The same space on both sides: pydicom itself converts to RGB, by the file's own word.
        space = "RGB" if runner.samples_per_pixel == 3 else None
        pixels = imagecodecs.jpeg_decode(source, colorspace=space, outcolorspace=space)
    elif syntax in _LOSSLESS:
        pixels = imagecodecs.jpegsof3_decode(source)
    elif syntax in _JPEG_LS:
        pixels = imagecodecs.jpegls_decode(source)
    else:
        pixels = imagecodecs.jpeg2k_decode(source)
    pixels = np.ascontiguousarray(pixels)
    runner.set_option("bits_allocated", 8 * pixels.dtype.itemsize)
    if runner.samples_per_pixel > 1:
        runner.set_option("planar_configuration", 0)
    return pixels.tobytes()


def _check_inner_size(source: bytes, runner: Any) -> None:
    """Raise where a JPEG declares far more pixels than its DICOM file: they would be decoded all the same."""
    place = 2
    while place + 9 <= len(source) and source[place] == 0xFF:
        marker, length = source[place + 1], int.from_bytes(source[place + 2 : place + 4], "big")
        if marker in _FRAME_HEADERS:
            height, width = struct.unpack(">HH", source[place + 5 : place + 9])
            if height * width > 4 * runner.rows * runner.columns:
                raise ValueError(f"its JPEG declares {width} by {height} pixels")
            return
        place += 2 + length


def _rle(source: bytes, runner: Any) -> bytes:
    """Return an RLE frame colour by plane (DICOM PS3.5, annex G)."""
    expected = runner.frame_length(unit="bytes")
    _check_rle_header(source)
    planes = imagecodecs.dicomrle_decode(source, f"<u{runner.bits_allocated // 8}")
    if len(planes) < expected:
        raise ValueError(f"the RLE data is truncated: {len(planes)} of {expected} bytes")
    if runner.samples_per_pixel > 1:
        runner.set_option("planar_configuration", 1)
    return bytes(planes[:expected])


def _check_rle_header(source: bytes) -> None:
    """Raise where segments don't lie one after the other in the data: imagecodecs would read beyond it."""
    count, *places = struct.unpack("<16I", source[:64])
    places = places[:count]
    if not 0 < count <= 15 or places[0] < 64 or places != sorted(places) or places[-1] >= len(source):
        raise ValueError("the header of its RLE data is damaged")


def register() -> None:
    """Add the plug-in to pydicom's decoders, once for this process."""
    for syntax in SYNTAXES:
        decoder = get_decoder(syntax)
        if LABEL not in decoder.available_plugins:
            decoder.add_plugin(LABEL, (__name__, "decode_frame"))
        if "gdcm" in decoder.available_plugins:
            decoder.remove_plugin("gdcm")
