"""A part that DATA lacks and was taken from the training images."""

from collections.abc import Iterable

from counterpoise.core.catalog.context import Context
from counterpoise.core.catalog.patients import patients_in_words
from counterpoise.core.catalog.types import PART_NAMES
from counterpoise.core.findings import Finding, Severity, make_finding
from counterpoise.core.findings.words import count, percent


def part_made(context: Context) -> Iterable[Finding]:
    """Say once per made part how large it is and how it was drawn."""
    for part in context.made:
        images = context.catalog.part(part)
        patients = patients_in_words(context.catalog, images)
        share = context.settings.val if part == "val" else context.settings.test
        yield make_finding(
            "part-made",
            Severity.INFO,
            {
                "part": part,
                "images": len(images),
                "patients": len({i.group for i in images if i.group}) if patients else None,
                "share": share,
                "seed": context.settings.seed,
            },
            words={
                "name": PART_NAMES[part],
                "number": count(len(images), "image"),
                "of": f" of {patients}" if patients else "",
                "asked": percent(share),
                "together": _together(context),
            },
        )


def _together(context: Context) -> str:
    if context.knows_patients:
        return "by patient"
    return f"with copies{' and the frames of one file' if context.has_groups else ''} kept together"
