"""Palettes of colour: their depth, and their byte order in big endian files."""

from typing import Any

import numpy as np

_TABLES = [f"{colour}PaletteColorLookupTableData" for colour in ("Red", "Green", "Blue")]


def colour_bits(dataset: Any) -> int:
    """Return the bits of the colours that a palette gives, 8 or 16; 0 where the image has none."""
    descriptor = dataset.get("RedPaletteColorLookupTableDescriptor")
    if dataset.get("PhotometricInterpretation") != "PALETTE COLOR" or not descriptor:
        return 0
    return 16 if int(descriptor[2]) > 8 else 8


def mend_byte_order(dataset: Any) -> None:
    """Turn 16-bit palettes of a big endian file into little endian: pydicom 3.0.2 reads all as such.

    It does turn segmented ones itself.
    """
    if dataset.original_encoding[1] is not False or "RedPaletteColorLookupTableDescriptor" not in dataset:
        return
    entries = int(dataset.RedPaletteColorLookupTableDescriptor[0]) or 2**16
    for keyword in _TABLES:
        table = dataset.get(keyword)
        if isinstance(table, bytes) and len(table) >= 2 * entries:
            setattr(dataset, keyword, np.frombuffer(table, ">u2").astype("<u2").tobytes())
