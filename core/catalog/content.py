"""The fingerprint of decoded pixels: what makes two files the same image."""

import hashlib

import numpy as np

from counterpoise.core.catalog.readers.frame import Pixels


def content_of(pixels: Pixels) -> str:
    """Return the SHA-256 (hex) of decoded pixels, with their type and shape.

    Lossless copies in another format, renamed and with other metadata have the same content; so has
    a grey image stored in colour.
    """
    if pixels.ndim == 3 and is_grey(pixels):
        pixels = pixels[..., 0]
    digest = hashlib.sha256(f"{_NAMES[pixels.dtype.char]}{pixels.shape}".encode())
    if not pixels.flags.c_contiguous or pixels.dtype.byteorder == ">":
        pixels = np.ascontiguousarray(pixels, dtype=pixels.dtype.newbyteorder("<"))
    digest.update(pixels.data)
    return digest.hexdigest()


_NAMES = {"B": "uint8", "H": "uint16", "f": "float32"}  # dtype.name is worked out anew at each call


def is_grey(pixels: Pixels) -> bool:
    """Whether ``pixels`` [h, w, 3] have three equal channels."""
    # A look at the first row settles it for nearly every image in colour.
    return _same_channels(pixels[0]) and _same_channels(pixels)


def _same_channels(pixels: Pixels) -> bool:
    red = pixels[..., 0].tobytes()
    return red == pixels[..., 1].tobytes() and red == pixels[..., 2].tobytes()
