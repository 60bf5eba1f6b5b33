"""Whether there is enough to compare: classes with enough patients, each to be judged by others."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from counterpoise.core.catalog.types import ImageRecord, Part
from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.findings.words import some

FEWEST_UNITS = 3
"""Patients (or images) of a class, so that each can be judged by others."""


def refuse_too_little(images: Sequence[ImageRecord]) -> None:
    """Raise CounterpoiseError, with what is missing, where fewer than two classes can be compared."""
    units: dict[str, set[str]] = {}
    for image in images:
        units.setdefault(image.label, set()).add(image.group or image.content)
    enough = [label for label, found in units.items() if len(found) >= FEWEST_UNITS]
    if len(enough) >= 2:
        return
    who = "patients" if any(image.group for image in images) else "images"
    has = some([f"{label} ({len(found)})" for label, found in sorted(units.items())], 4) or "none"
    raise CounterpoiseError(
        f"There is too little to compare: expected two classes with at least {FEWEST_UNITS} {who} each in "
        f"the training and validation parts, received {has}. Add images, then look again."
    )


def judgeable(
    images: Sequence[ImageRecord], units: NDArray[np.intp], parts: Sequence[Part]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the classes with enough units and those without; raises CounterpoiseError for fewer than two."""
    seen = {
        (image.label, int(unit)) for image, unit in zip(images, units, strict=True) if image.part in parts
    }
    number = Counter(label for label, _ in seen)
    enough = tuple(sorted(label for label, found in number.items() if found >= FEWEST_UNITS))
    if len(enough) < 2:
        raise CounterpoiseError(
            "There is too little to compare: expected at least two classes with images that aren't copies of "
            f"each other, received {some(enough) or 'none'}. Add images, then look again."
        )
    return enough, tuple(sorted(set(number) - set(enough)))
