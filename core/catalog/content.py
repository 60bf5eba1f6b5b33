"""The fingerprint of decoded pixels: what makes two files the same image."""

import hashlib

import numpy as np

from counterpoise.core.catalog.readers.frame import Pixels


def content_of(pixels: Pixels) -> str:
    """Return the SHA-256 (hex) of decoded pixels, with their type and shape.

    Lossless copies in another format, renamed and with other metadata have the same content; so has
    a grey image stored in colour.
    """
    if pixels.ndim == 3 and _grey(pixels):
        pixels = pixels[..., 0]
    digest = hashlib.sha256(f"{pixels.dtype.name}{pixels.shape}".encode())
    digest.update(np.ascontiguousarray(pixels, dtype=pixels.dtype.newbyteorder("<")).data)
    return digest.hexdigest()


def _grey(pixels: Pixels) -> bool:
    first = pixels[0]  # settles it for nearly every image in colour without a look at the rest
    if not (np.array_equal(first[..., 0], first[..., 1]) and np.array_equal(first[..., 0], first[..., 2])):
        return False
    return np.array_equal(pixels[..., 0], pixels[..., 1]) and np.array_equal(pixels[..., 0], pixels[..., 2])
