"""Something besides the content tells the class: how an image was made, not what it shows."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from counterpoise.core.catalog.context import Context
from counterpoise.core.catalog.rules.telling import Telling, telling
from counterpoise.core.catalog.types import ImageRecord
from counterpoise.core.findings import Finding, Severity, make_finding
from counterpoise.core.findings.words import percent, some

FULL_SCALE = {"uint8": 255.0, "uint16": 65535.0}


def _level(value: float, image: ImageRecord) -> float:
    return value / FULL_SCALE.get(image.units, 1.0)


PROPERTIES: Mapping[str, tuple[str, Callable[[ImageRecord], Any]]] = {
    "size": ("the size of the image (its number of pixels)", lambda i: i.width * i.height),
    "aspect": ("the shape of the image (width over height)", lambda i: round(i.width / i.height, 3)),
    "color": ("colour or grey (colour mode)", lambda i: i.channels),
    "depth": ("the bit depth", lambda i: i.bits),
    "type": ("the type of file", lambda i: i.format),
    "border": ("the brightness of the border", lambda i: _level(i.edge, i)),
    "brightness": ("the mean brightness", lambda i: _level(i.mean, i)),
}
"""Each with its words, and how it is read from an image."""


def shortcut(context: Context) -> Iterable[Finding]:
    """Warn of properties that alone tell a class from the others, cross-validated by patient."""
    images = context.used
    labels = context.catalog.labels
    if len(labels) < 2:
        return
    truth = np.array([labels.index(image.label) for image in images], np.intp)
    folds = [image.group or image.content for image in images]
    found: list[tuple[str, Telling]] = []
    for name, (_, of) in PROPERTIES.items():
        best = telling(_numbers([of(image) for image in images]), truth, folds, len(labels))
        if best is not None and best.is_clear:
            found.append((name, best))
    if found:
        yield _finding(sorted(found, key=lambda entry: -entry[1].at_least), labels)


def _numbers(values: Sequence[Any]) -> NDArray[np.float64]:
    """Return values as numbers; names by their place in the alphabet."""
    if isinstance(values[0], str):
        known = sorted(set(values))
        return np.array([known.index(value) for value in values], np.float64)
    return np.array(values, np.float64)


def _finding(found: Sequence[tuple[str, Telling]], labels: Sequence[str]) -> Finding:
    """Tell the clearest one, and name the others."""
    (name, best), *others = found
    also = some([PROPERTIES[other][0] for other, _ in others])
    return make_finding(
        "shortcut",
        Severity.WARNING,
        {
            "properties": [
                {
                    "property": name,
                    "class": labels[told.label],
                    "found": _rounded(told.found),
                    "false_alarms": _rounded(told.false_alarms),
                    "at_least": round(told.at_least, 3),
                }
                for name, told in found
            ]
        },
        words={
            "what": PROPERTIES[name][0],
            "label": labels[best.label],
            "share": percent(_rounded(best.found)),
            "others": percent(_rounded(best.false_alarms)),
            "also": f" So it is with {also}." if also else "",
        },
    )


def _rounded(share: float) -> float:
    """Round to what the evidence holds, which pictures and reports show too; never up to all."""
    return min(round(share, 3), 0.999) if share < 1 else share
