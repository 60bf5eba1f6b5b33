"""Images or patients per class and part, and the words under the bars that show them. No Qt."""

from collections import Counter
from collections.abc import Mapping
from operator import attrgetter

import numpy as np

from counterpoise.core.catalog.types import PARTS, Catalog
from counterpoise.gui.gallery_table import ImageTable
from counterpoise.gui.texts import gallery
from counterpoise.gui.texts import inspect as texts

Counts = dict[str, dict[str, int]]
"""``{class: {part: number}}``, with the part ``""`` for what is left out."""


def by_part(catalog: Catalog) -> Counts:
    """Return the images of each class and part."""
    found = Counter(map(attrgetter("label", "part"), catalog.images))
    names = sorted({*catalog.labels, *(label for label, _ in found)})
    return {name: {part: found[name, part] for part in (*PARTS, "")} for name in names}


def of_table(table: ImageTable, *, patients: bool = False) -> Counts:
    """Return the images (or patients, each once per class and part) of each class and part.

    An image whose patient is unknown counts as a patient of its own.
    """
    names, order = table.names, gallery.PART_ORDER
    cell = table.facets["class"].codes.astype(np.int64) * len(order) + table.facets["part"].codes
    if patients:
        patient = table.facets["patient"]
        unknown = patient.codes == patient.code(gallery.patient(""))
        known = np.unique(cell[~unknown] * len(patient.words) + patient.codes[~unknown])
        cell = np.concatenate([cell[unknown], known // len(patient.words)])
    sums = np.bincount(cell, minlength=len(names) * len(order)).reshape(-1, len(order))
    return {name: dict(zip(order, map(int, row), strict=True)) for name, row in zip(names, sums, strict=True)}


def knows_patients(table: ImageTable) -> bool:
    """Whether any image tells whose it is."""
    return any(words != gallery.patient("") for words in table.facets["patient"].words)


def legend(counts: Mapping[str, Mapping[str, int]]) -> tuple[list[tuple[str, str]], str]:
    """Return ``(part, words)`` of the parts there are, and the ratio of largest to smallest class."""
    sums = {part: sum(parts.get(part, 0) for parts in counts.values()) for part in texts.PART_LEGEND}
    used = sum(number for part, number in sums.items() if part)
    entries = [
        (part, texts.part_legend(part, number, number / used if used and part else None))
        for part, number in sums.items()
        if number
    ]
    totals = [sum(n for part, n in parts.items() if part) for parts in counts.values()]
    smallest = min(totals, default=0)
    remark = texts.ratio(max(totals) / smallest) if smallest and len(totals) > 1 else ""
    return entries, remark
