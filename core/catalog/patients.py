"""The patients of a catalog: how many images each has, and in which classes and parts they lie."""

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from counterpoise.core.catalog.groups import compile_pattern
from counterpoise.core.catalog.name_candidates import words_of
from counterpoise.core.catalog.name_preview import class_level
from counterpoise.core.catalog.types import PARTS, Catalog, ImageRecord
from counterpoise.core.findings.words import count

_FINE = 12
"""Up to so many images per patient each number has a bar of its own; beyond, bars double in width."""


@dataclass(frozen=True)
class Patient:
    """One patient and the images that aren't left out."""

    group: str
    """Pseudonym, as images carry it."""
    name: str
    """What the file or folder names call the patient; the pseudonym where they don't."""
    images: int
    classes: tuple[str, ...]
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Bar:
    """So many patients have from ``low`` to ``high`` images."""

    low: int
    high: int
    patients: int


@dataclass(frozen=True)
class Patients:
    """All patients, those with the most images first."""

    each: tuple[Patient, ...] = ()
    unknown: int = 0
    """Images whose patient isn't known."""
    images: int = 0
    source: str = "none"
    words: str = ""
    """What in the names tells them, where it is a known pattern."""
    has_dicom: bool = False
    """Whether any image is from a DICOM file."""

    @property
    def known(self) -> bool:
        """Whether patients are told apart, and not only the frames of single files kept together."""
        return bool(self.each) and self.source != "none"

    @cached_property
    def in_several_classes(self) -> tuple[Patient, ...]:
        return tuple(patient for patient in self.each if len(patient.classes) > 1)

    @cached_property
    def in_several_parts(self) -> tuple[Patient, ...]:
        return tuple(patient for patient in self.each if len(patient.parts) > 1)

    @cached_property
    def bars(self) -> tuple[Bar, ...]:
        return bars([patient.images for patient in self.each])

    @property
    def span(self) -> tuple[int, float, int]:
        """Images of one patient: fewest, median, most; zeros where there is no patient."""
        numbers = [patient.images for patient in self.each]
        return (min(numbers), statistics.median(numbers), max(numbers)) if numbers else (0, 0.0, 0)


def patients_of(catalog: Catalog, group_by: str = "") -> Patients:
    """Return the patients of a catalog; they have names where ``data.group_by`` finds some in its paths.

    Without ``group_by`` nobody is named, as in all that leaves the study.

    Images that are left out don't count; copies that are used once do, in their class.
    """
    named = group_by.startswith(f"{catalog.group_source}:")
    pattern = compile_pattern(group_by) if named else None
    images: Counter[str] = Counter()
    classes: dict[str, set[str]] = defaultdict(set)
    parts: dict[str, set[str]] = defaultdict(set)
    names: dict[str, str] = {}
    for image in catalog.present:
        group = image.group
        images[group] += 1
        if group:
            classes[group].add(image.label)
            if image.part:
                parts[group].add(image.part)
            if group not in names:
                names[group] = (pattern.patient(image.path) if pattern else "") or group
    unknown = images.pop("", 0)
    each = [
        Patient(
            group,
            names[group],
            number,
            tuple(sorted(classes[group])),
            tuple(part for part in PARTS if part in parts[group]),
        )
        for group, number in images.items()
    ]
    each.sort(key=lambda patient: (-patient.images, patient.name))
    words = words_of(group_by, class_level({i.path: i.label for i in catalog.present})) if named else ""
    has_dicom = any(image.format == "DICOM" for image in catalog.present)
    return Patients(tuple(each), unknown, len(catalog.present), catalog.group_source, words, has_dicom)


def patients_in_words(catalog: Catalog, images: Iterable[ImageRecord] | None = None) -> str:
    """Return ``26 patients (16 images without)`` of some images, or of all that aren't left out.

    Empty where nothing tells patients apart: an image by itself, or the frames of one file, are no patient
    that anyone knows of.
    """
    if catalog.group_source == "none":
        return ""
    numbers = Counter(image.group for image in (catalog.present if images is None else images))
    without = numbers.pop("", 0)
    if not numbers:
        return ""
    words = count(len(numbers), "patient")
    return f"{words} ({count(without, 'image')} without)" if without else words


def bars(numbers: Sequence[int]) -> tuple[Bar, ...]:
    """Return how many patients have how many images.

    >>> [(bar.low, bar.high, bar.patients) for bar in bars([1, 1, 2, 40])]
    [(1, 1, 2), (2, 2, 1), (3, 4, 0), (5, 8, 0), (9, 16, 0), (17, 32, 0), (33, 64, 1)]
    """
    most = max(numbers, default=0)
    edges = list(range(1, most + 1))
    if most > _FINE:
        edges = [1]
        while edges[-1] < most:
            edges.append(2 * edges[-1])
    found = Counter(numbers)
    lows = [1, *(edge + 1 for edge in edges[:-1])] if edges else []
    return tuple(
        Bar(low, high, sum(found[number] for number in range(low, high + 1)))
        for low, high in zip(lows, edges, strict=True)
    )
