"""All that the report of the data tells, gathered from a catalog; what it says of it names nobody."""

import platform
from collections import Counter, defaultdict
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from counterpoise.core.catalog.distributions.facts import DataFacts, facts_of
from counterpoise.core.catalog.distributions.pictures import Pictures
from counterpoise.core.catalog.patients import Patients, patients_of
from counterpoise.core.catalog.privacy import identifying_kinds
from counterpoise.core.catalog.report import public_finding
from counterpoise.core.catalog.types import PARTS, Catalog, ImageRecord, groups
from counterpoise.core.findings import Finding, by_urgency

PACKAGES = ("counterpoise", "numpy", "Pillow", "pydicom", "tifffile", "imagecodecs")
HOW = {
    "patient-id": "by the DICOM tag PatientID",
    "csv": "by the labels file",
    "name": "by a pattern in the file names",
    "folder": "by a pattern in the folder names",
}
"""By the source of the patients."""
NAMED = 3
"""Files named for each reason."""


@dataclass(frozen=True)
class ClassCounts:
    """A class with its images and patients by part."""

    name: str
    images: dict[str, int]
    """By part; ``""`` is what is left out."""
    patients: dict[str, int]
    share: float
    """Of the largest class, 0 to 1, for the bar."""

    @property
    def used(self) -> int:
        return sum(number for part, number in self.images.items() if part)


@dataclass(frozen=True)
class Passed:
    """Files passed over for one reason."""

    reason: str
    files: int
    examples: tuple[str, ...]


@dataclass(frozen=True)
class DataReport:
    """What was scanned and found."""

    name: str
    files: int
    images: int
    classes: tuple[ClassCounts, ...]
    patients: Patients | None
    """None where they can't be told apart."""
    findings: tuple[Finding, ...]
    passed: tuple[Passed, ...]
    facts: DataFacts
    pictures: Pictures
    versions: dict[str, str]


def gather_data(catalog: Catalog, pictures: Pictures) -> DataReport:
    """Return what the page tells."""
    who = patients_of(catalog)
    return DataReport(
        name=name_of(catalog),
        files=catalog.files,
        images=len(catalog.present),
        classes=class_counts(catalog),
        patients=who if who.known else None,
        findings=by_urgency(tuple(public_finding(catalog, finding) for finding in catalog.findings)),
        passed=passed_over(catalog),
        facts=facts_of(catalog, public=True),
        pictures=pictures,
        versions=versions(),
    )


def name_of(catalog: Catalog) -> str:
    """Return the folder's name alone, never its place; plain words where it would identify someone."""
    place = catalog.sources.study or catalog.sources.root
    name = place.name if place is not None else ""
    return name if name and not identifying_kinds(name) else "Images"


def class_counts(catalog: Catalog) -> tuple[ClassCounts, ...]:
    """Count images and patients of each class by part."""
    images: Counter[tuple[str, str]] = Counter()
    members: defaultdict[tuple[str, str], list[ImageRecord]] = defaultdict(list)
    for image in catalog.images:
        images[image.label, image.part] += 1
        members[image.label, image.part].append(image)
    found = [
        ClassCounts(
            label,
            {str(part): images[label, part] for part in (*PARTS, "")},
            {str(part): groups(members[label, part]) for part in PARTS},
            0.0,
        )
        for label in catalog.labels
    ]
    most = max((counts.used for counts in found), default=1) or 1
    return tuple(
        ClassCounts(counts.name, counts.images, counts.patients, counts.used / most) for counts in found
    )


def passed_over(catalog: Catalog) -> tuple[Passed, ...]:
    """Return the reasons why files gave no image, the most frequent first."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for entry in catalog.skipped:
        found[entry.reason].append(catalog.public_path(entry.path))
    ordered = sorted(found.items(), key=lambda one: (-len(one[1]), one[0]))
    return tuple(Passed(reason, len(paths), tuple(paths[:NAMED])) for reason, paths in ordered)


def versions() -> dict[str, str]:
    """Return the versions of what read the images."""
    told = {"Python": platform.python_version()}
    for package in PACKAGES:
        try:
            told[package] = version(package)
        except PackageNotFoundError:  # the packaged program carries no metadata of some
            continue
    return told
