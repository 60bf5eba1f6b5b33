"""No way to tell patients apart, with what in the file names looks like one."""

from collections.abc import Iterable

from counterpoise.core.catalog.context import Context
from counterpoise.core.catalog.groups import PATTERN_PREFIXES
from counterpoise.core.catalog.name_patterns import propose
from counterpoise.core.catalog.name_preview import Preview
from counterpoise.core.findings import Finding, Fix, Severity, make_finding
from counterpoise.core.findings.words import count


def patients_unknown(context: Context) -> Iterable[Finding]:
    """Silent where every image has its patient, and where the user said that there are none to know.

    A warning where a pattern was given that fits no name.
    """
    if context.settings.group_by == "none":
        return
    images = context.used
    without = [image for image in images if not image.group]
    given = context.settings.group_by
    in_vain = given.startswith(PATTERN_PREFIXES) and not context.knows_patients
    if not (images if in_vain else without):
        return
    if context.knows_patients:
        yield make_finding(
            "patients-unknown",
            Severity.INFO,
            {"images": len(without), "of": len(images)},
            variant="some",
            words={"number": count(len(without), "image has", "images have"), "all": f"{len(images):,}"},
            paths=sorted({image.path for image in without}),
        )
        return
    proposals = propose({image.path: image.label for image in images}, most=1)
    proposal = next((found for found in proposals if found.safe_example), None)
    if in_vain:
        # Somebody meant to keep patients together, and a slip of the pen would let them leak.
        yield _fits_nothing(given, len({image.path for image in images}), len(images), proposal)
    elif proposal is None:
        yield make_finding("patients-unknown", Severity.INFO, {"images": len(without)})
    else:
        yield _proposed(len(without), proposal)


def _fits_nothing(given: str, files: int, images: int, proposal: Preview | None) -> Finding:
    of, _, regex = given.partition(":")
    return make_finding(
        "patients-unknown",
        Severity.WARNING,
        {"images": images, "pattern": regex, "proposed": proposal.group_by if proposal else None},
        variant="no-match",
        words={
            "where": f"{count(files, 'file name')}" if of == "name" else f"folders of {count(files, 'file')}"
        },
        fix=Fix(f"Use the pattern found in the {_place(proposal)}s", {"data.group_by": proposal.group_by})
        if proposal
        else None,
    )


def _proposed(images: int, proposal: Preview) -> Finding:
    example, patient = proposal.safe_example or ("", "")
    return make_finding(
        "patients-unknown",
        Severity.INFO,
        {
            "images": images,
            "pattern": proposal.regex,
            "patients": proposal.patients,
            "fits": proposal.fits,
            "example": example,
            "patient": patient,
        },
        variant="pattern",
        words={
            "place": f"{_place(proposal)}s",
            "n_patients": count(proposal.patients, "patient"),
            "low": proposal.fewest,
            "high": count(proposal.most, "image"),
        },
        fix=Fix(f"Tell patients apart by {_place(proposal)}", {"data.group_by": proposal.group_by}),
    )


def _place(proposal: Preview) -> str:
    return "folder" if proposal.by_folder else "file name"
