"""Images without any content."""

from collections.abc import Iterable

from counterpoise.core.catalog.context import Context
from counterpoise.core.catalog.rules.leave_out import leave_out
from counterpoise.core.findings import Finding, Severity, make_finding
from counterpoise.core.findings.words import count


def blank_image(context: Context) -> Iterable[Finding]:
    """Every pixel has the same value (padding left out)."""
    blank = [image for image in context.present if image.minimum == image.maximum]
    if not blank:
        return
    paths = sorted({image.path for image in blank})
    # A file of many frames is more than its blank ones.
    whole = [image.path for image in blank if image.frame < 0]
    yield make_finding(
        "blank-image",
        Severity.WARNING,
        {"images": len(blank), "values": sorted({image.minimum for image in blank})[:10]},
        words={"number": count(len(blank), "image has", "images have")},
        paths=paths,
        fix=leave_out(context, whole, f"Leave {count(len(whole), 'image')} out")
        if len(whole) == len(blank)
        else None,
    )
