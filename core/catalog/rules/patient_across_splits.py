"""A patient in two parts: the network would be tested on people it knows."""

from collections.abc import Iterable

from counterpoise.core.catalog.context import Context
from counterpoise.core.catalog.rules.duplicate_across_splits import lower_copies
from counterpoise.core.catalog.rules.leave_out import leave_out
from counterpoise.core.catalog.types import ImageRecord
from counterpoise.core.findings import Finding, Severity, make_finding
from counterpoise.core.findings.words import count


def patient_across_splits(context: Context) -> Iterable[Finding]:
    """Blocks; can only happen where the user chose the parts."""
    by_patient: dict[str, list[ImageRecord]] = {}
    for image in context.used:
        if image.group:
            by_patient.setdefault(image.group, []).append(image)
    across = {g: images for g, images in by_patient.items() if len({i.part for i in images}) > 1}
    if not across:
        return
    images = [image for found in across.values() for image in found]
    lower = {image.path for found in across.values() for image in lower_copies(found)}
    # Where most of the training part would go, leaving patients out is no remedy.
    gone = sum(image.path in lower for image in context.catalog.part("train"))
    fits = gone * 2 <= len(context.catalog.part("train"))
    yield make_finding(
        "patient-across-splits",
        Severity.BLOCKER,
        {
            "patients": len(across),
            "of": len(by_patient),
            "images": len(images),
            "groups": sorted(across)[:100],
        },
        words={
            "number": count(len(across), "patient has", "patients have"),
            "n_images": count(len(images), "image"),
        },
        paths=sorted({image.path for image in images}),
        fix=leave_out(context, lower, f"Leave their {count(gone, 'training image')} out") if fits else None,
    )
