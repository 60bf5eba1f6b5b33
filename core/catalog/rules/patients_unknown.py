"""No way to tell patients apart, with what in the file names looks like one."""

from collections.abc import Iterable

from counterpoise.core.catalog.context import Context
from counterpoise.core.catalog.name_patterns import propose_pattern
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
    if not without:
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
    proposal = propose_pattern(sorted({image.path for image in images}))
    given = context.settings.group_by
    if given.startswith("name:"):
        # Somebody meant to keep patients together, and a slip of the pen would let them leak.
        pattern = proposal.pattern if proposal else None
        yield make_finding(
            "patients-unknown",
            Severity.WARNING,
            {"images": len(without), "pattern": given.removeprefix("name:"), "proposed": pattern},
            variant="no-match",
            words={"number": count(len(without), "file name")},
            fix=Fix("Use the pattern found in the names", {"data.group_by": f"name:{pattern}"})
            if pattern
            else None,
        )
        return
    if proposal is None:
        yield make_finding("patients-unknown", Severity.INFO, {"images": len(without)})
        return
    yield make_finding(
        "patients-unknown",
        Severity.INFO,
        {
            "images": len(without),
            "pattern": proposal.pattern,
            "patients": proposal.patients,
            "fits": proposal.fits,
            "example": proposal.example,
            "patient": proposal.patient,
        },
        variant="pattern",
        words={
            "n_patients": count(proposal.patients, "patient"),
            "low": proposal.fewest,
            "high": count(proposal.most, "image"),
        },
        fix=Fix("Tell patients apart by file name", {"data.group_by": f"name:{proposal.pattern}"}),
    )
