"""Classes with too few images, or patients, to be in every part."""

from collections.abc import Iterable

from counterpoise.core.catalog.context import Context
from counterpoise.core.catalog.types import groups
from counterpoise.core.findings import Finding, Severity, make_finding
from counterpoise.core.findings.words import count

IMPOSSIBLE = 3
"""One for each of training, validation and test."""
FEW = 10


def class_too_small(context: Context) -> Iterable[Finding]:
    """One finding per class; copies that are kept once count once."""
    for label in context.catalog.labels:
        images = [image for image in context.used if image.label == label]
        if not images:
            continue  # an empty class, or one left out whole: said elsewhere
        patients = groups(images) if context.has_groups else None
        smallest = len(images) if patients is None else min(len(images), patients)
        if smallest >= FEW:
            continue
        has = count(len(images), "image")
        if patients is not None:
            has += f" of {count(patients, 'patient')}"
        blocks = smallest < IMPOSSIBLE
        yield make_finding(
            "class-too-small",
            Severity.BLOCKER if blocks else Severity.WARNING,
            {"class": label, "images": len(images), "patients": patients},
            variant="blocker" if blocks else None,
            words={"label": label, "has": has},
            paths=[image.path for image in images],
        )
