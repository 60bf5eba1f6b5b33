"""How large an image may be, and the edge around decoders of foreign bytes."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from textwrap import shorten

import numpy as np
from PIL import Image

from counterpoise.core.catalog.readers.frame import Pixels, UnreadableImage

MAX_PIXELS = 100_000_000
"""Of one frame: 10,000 by 10,000. Guards against decompression bombs; no clinical image comes near."""
MAX_FILE_BYTES = 2_000_000_000


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
        raise UnreadableImage(f"the {kind} is truncated or damaged ({in_few_words(error)})") from error


def in_few_words(error: BaseException, most: int = 120) -> str:
    """Return the first line of an error, or its kind where it says nothing."""
    lines = str(error).strip().splitlines()
    text = lines[0].strip() if lines else ""
    return shorten(text, most, placeholder=" ...") or type(error).__name__
