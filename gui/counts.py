"""Images or patients per class and part, and the words under the bars that show them. No Qt."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from counterpoise.core.catalog.types import PARTS, Catalog
from counterpoise.gui.gallery_table import ImageTable
from counterpoise.gui.texts import gallery
from counterpoise.gui.texts import inspect as texts

HILL_STEPS = 64
Hills = Mapping[str, tuple[NDArray[np.float64], float]]
"""Per class: shares of its images in steps from dark to bright, and their median from 0 to 1."""
Counts = dict[str, dict[str, int]]
"""``{class: {part: number}}``, with the part ``""`` for what is left out."""


def by_part(catalog: Catalog) -> Counts:
    """Return the images of each class and part."""
    found = Counter(map(attrgetter("label", "part"), catalog.images))
    names = sorted({*catalog.labels, *(label for label, _ in found)})
    return {name: {part: found[name, part] for part in (*PARTS, "")} for name in names}


@dataclass(frozen=True)
class Sums:
    """Of images, or of patients, who may be in several classes and are counted once all the same."""

    classes: Mapping[str, int]
    """Used of each class; what is left out doesn't count."""
    parts: Mapping[str, int]
    """Of each part; in ``""`` those that are left out altogether."""
    used: int
    shared: int = 0
    """How many are in several classes."""


def of_table(table: ImageTable, *, patients: bool = False) -> Counts:
    """Return the images (or patients, each once per class and part) of each class and part.

    An image whose patient is unknown counts as a patient of its own; a patient is left out of a class when
    no image of that class is used.
    """
    names, order = table.names, gallery.PART_ORDER
    of_class, of_part = table.facets["class"].codes.astype(np.int64), table.facets["part"].codes
    cell = of_class * len(order) + of_part
    if patients:
        who = _patients(table)
        is_used = of_part != order.index("")
        also_used = np.isin(_joined(of_class, who), _joined(of_class, who)[is_used])
        counted = is_used | ~also_used
        cell = np.unique(_joined(cell, who)[counted]) // _SPAN
    sums = np.bincount(cell, minlength=len(names) * len(order)).reshape(-1, len(order))
    return {name: dict(zip(order, map(int, row), strict=True)) for name, row in zip(names, sums, strict=True)}


def sums_of(counts: Mapping[str, Mapping[str, int]]) -> Sums:
    """Add up the images of each class and of each part."""
    classes = {name: sum(number for part, number in parts.items() if part) for name, parts in counts.items()}
    parts = {part: sum(parts.get(part, 0) for parts in counts.values()) for part in texts.PART_LEGEND}
    return Sums(classes, parts, sum(classes.values()))


def patient_sums(table: ImageTable) -> Sums:
    """Count each patient once in each class, once in each part and once in all."""
    names, order = table.names, gallery.PART_ORDER
    of_class, of_part, who = table.facets["class"].codes, table.facets["part"].codes, _patients(table)
    is_used = of_part != order.index("")
    used = np.unique(who[is_used])
    pairs = np.unique(_joined(of_class, who)[is_used])
    classes = np.bincount(pairs // _SPAN, minlength=len(names))
    counted = is_used | ~np.isin(who, used)
    parts = np.bincount(np.unique(_joined(of_part, who)[counted]) // _SPAN, minlength=len(order))
    in_classes = np.unique(pairs % _SPAN, return_counts=True)[1]
    return Sums(
        dict(zip(names, map(int, classes), strict=True)),
        dict(zip(order, map(int, parts), strict=True)),
        len(used),
        int((in_classes > 1).sum()),
    )


_SPAN = 2**32
"""More than there are patients or images: a code times it, plus who, is one number for both."""


def _joined(codes: NDArray[np.integer], who: NDArray[np.int64]) -> NDArray[np.int64]:
    joined: NDArray[np.int64] = codes.astype(np.int64) * _SPAN + who
    return joined


def _patients(table: ImageTable) -> NDArray[np.int64]:
    """Return a number for each image's patient; an image whose patient is unknown has one of its own."""
    patient = table.facets["patient"]
    own = len(patient.words) + np.arange(len(patient.codes), dtype=np.int64)
    return np.where(patient.codes == patient.code(gallery.patient("")), own, patient.codes)


def hills_of(table: ImageTable) -> Hills:
    """Return how bright the used images of each class are, smoothed a little; for classes that have any."""
    brightness = np.clip(table.numbers["brightness"], 0.0, 1.0)
    counted = (table.facets["part"].codes != gallery.PART_ORDER.index("")) & np.isfinite(brightness)
    kernel = np.hanning(7)[1:-1] / np.hanning(7).sum()
    found: dict[str, tuple[NDArray[np.float64], float]] = {}
    for code, name in enumerate(table.names):
        values = brightness[counted & (table.facets["class"].codes == code)]
        if len(values):
            shares = np.histogram(values, HILL_STEPS, (0.0, 1.0))[0] / len(values)
            found[name] = np.convolve(shares, kernel, "same"), float(np.median(values))
    return found


def knows_patients(table: ImageTable) -> bool:
    """Whether any image tells whose it is."""
    return any(words != gallery.patient("") for words in table.facets["patient"].words)


def legend(sums: Sums) -> tuple[list[tuple[str, str]], str]:
    """Return ``(part, words)`` of the parts there are, and the ratio of largest to smallest class."""
    entries = [
        (part, texts.part_legend(part, number, number / sums.used if sums.used and part else None))
        for part, number in sums.parts.items()
        if number
    ]
    smallest = min(sums.classes.values(), default=0)
    several = smallest and len(sums.classes) > 1
    return entries, texts.ratio(max(sums.classes.values()) / smallest) if several else ""
