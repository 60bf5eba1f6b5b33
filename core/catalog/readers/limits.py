"""How large an image may be, and the edge around decoders of foreign bytes."""

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from textwrap import shorten

import numpy as np
from PIL import Image

from counterpoise.core.catalog.readers.frame import Pixels, UnreadableImage

MAX_PIXELS = 100_000_000
"""Of one frame: 10,000 by 10,000. Guards against decompression bombs; no clinical image comes near."""
MAX_BYTES = 800_000_000
"""Of one frame as stored: as many pixels in 16-bit colour or float64 grey."""
MAX_FRAMES = 20_000
"""In one file. Each is an image of its own; more are tiles of a slide or a file made to do harm."""
MAX_PACKED_PIXELS = 1_000_000_000
"""Of all frames of a GIF, WebP or PNG together: some ten seconds of decoding; a film of half an hour."""
MAX_FILE_BYTES = 2_000_000_000
_PLAIN = re.compile(r"[A-Za-z0-9 ,;:%()/-]+\.?")
_INSIDE = re.compile(
    r"\(\)|[a-z][A-Z]|[A-Z]{5}|\d\w*:|\b(?:argument|array|attribute|axis|broadcast|buffer|bytearray|chunk|codec|decode\w*"
    r"|descriptor|dtype|errno|Error|IFD|driver|strip|index|indices|instances?|int|integers?|iterable|list|literal|object|operands?|plugins?"
    r"|range|recursion|reshaped?|sequence|slice|str|string|struct|subscript\w*|truth|tuple|type|unpack\w*|zip)\b",
)
"""What only a programmer understands."""


def check_finite(pixels: Pixels) -> None:
    """Raise where a float image holds NaN or infinity."""
    if pixels.dtype.kind == "f" and not np.isfinite(pixels).all():
        raise UnreadableImage("it holds values that are no numbers (NaN or infinity)", "non-finite-pixels")


def check_size(width: int, height: int, limit: int | None = None) -> None:
    """Raise before anything is decoded: no pixels at all, or more than the safety limit."""
    limit = MAX_PIXELS if limit is None else limit
    if width <= 0 or height <= 0:
        raise UnreadableImage("it has no pixels")
    if width * height > limit:
        raise UnreadableImage(
            f"{width:,} × {height:,} pixels are more than the safety limit of {limit / 1e6:g} million",
            "oversized-image",
        )


def check_bytes(width: int, height: int, samples: int, bits: int) -> None:
    """Raise before a frame is decoded that declares more bytes than the safety limit."""
    size = width * height * max(1, samples) * max(1, bits) // 8
    if size > MAX_BYTES:
        raise UnreadableImage(
            f"its pixels take {size / 1e9:,.1f} GB, more than the safety limit of {MAX_BYTES / 1e9:g} GB",
            "oversized-image",
        )


def check_frames(count: int) -> None:
    """Raise where a file declares more frames than the safety limit."""
    if count > MAX_FRAMES:
        raise UnreadableImage(
            f"its {count:,} frames are more than the safety limit of {MAX_FRAMES:,}", "oversized-image"
        )


@contextmanager
def decoding(kind: str) -> Iterator[None]:
    """Turn what a decoder raises into UnreadableImage, and its warnings into silence.

    Never hold it across a ``yield``: warning filters are the whole process's.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except UnreadableImage:
        raise
    except Image.DecompressionBombError as error:
        # WebP checks for itself, against Pillow's own higher limit.
        raise UnreadableImage(
            f"its pixels are more than the safety limit of {MAX_PIXELS / 1e6:g} million", "oversized-image"
        ) from error
    except MemoryError as error:
        raise UnreadableImage("there is too little memory to read it") from error
    except Exception as error:
        raise UnreadableImage(f"the {kind} is truncated or damaged{_in_plain_words(error)}") from error


def _in_plain_words(error: Exception) -> str:
    """Return what a library says, in brackets, where people can understand it; else nothing."""
    words = in_few_words(error)
    plain = " " in words and _PLAIN.fullmatch(words) and not _INSIDE.search(words)
    return f" ({words.rstrip('.')})" if plain else ""


def in_few_words(error: BaseException, most: int = 120) -> str:
    """Return the first line of an error, or its kind where it says nothing."""
    lines = str(error).strip().splitlines()
    text = lines[0].strip() if lines else ""
    return shorten(text, most, placeholder=" ...") or type(error).__name__
