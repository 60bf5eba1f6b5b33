"""What a labels file would change, before it is used."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from counterpoise.core.catalog.labels_csv import match_files, read_labels
from counterpoise.core.catalog.types import ImageRecord


@dataclass(frozen=True)
class LabelsTrial:
    """What using ``file`` would do with the images in hand."""

    file: Path
    named: int
    """Files of images that it names."""
    not_named: int
    """Files of images that it doesn't name: they would be left out."""
    relabelled: int
    """Files of images that would have another label than now."""
    patients: int
    """Patients of the named files; 0 where it has no column of patients, or an empty one."""
    without_patient: int
    """Named files without a patient."""
    missing: int
    """Rows whose file isn't there."""


def try_labels(file: Path, root: Path, images: Sequence[ImageRecord]) -> LabelsTrial:
    """Read a labels file against the images of a folder.

    Raises CounterpoiseError where it can't be read or lacks a column.
    """
    labels = {image.path: image.label for image in images}
    by_path, table = match_files(read_labels(file, root), labels)
    patients = [row.patient for row in by_path.values()]
    return LabelsTrial(
        file,
        named=len(by_path),
        not_named=len(labels) - len(by_path),
        relabelled=sum(row.label != labels[path] for path, row in by_path.items()),
        patients=len(set(patients) - {""}),
        without_patient=patients.count(""),
        missing=len(table.missing),
    )
