"""A part that DATA lacks and was taken from the training images."""

from collections.abc import Iterable

from counterpoise.core.catalog.context import Context
from counterpoise.core.catalog.types import PART_NAMES, groups
from counterpoise.core.findings import Finding, Severity, make_finding
from counterpoise.core.findings.words import count, percent


def part_made(context: Context) -> Iterable[Finding]:
    """Say once per made part how large it is and how it was drawn."""
    for part in context.made:
        images = context.catalog.part(part)
        patients = groups(images) if context.has_groups else None
        share = context.settings.val if part == "val" else context.settings.test
        yield make_finding(
            "part-made",
            Severity.INFO,
            {
                "part": part,
                "images": len(images),
                "patients": patients,
                "share": share,
                "seed": context.settings.seed,
            },
            words={
                "name": PART_NAMES[part],
                "number": count(len(images), "image"),
                "of": f" of {count(patients, 'patient')}" if patients is not None else "",
                "asked": percent(share),
                "together": "by patient" if patients is not None else "with copies kept together",
            },
        )
