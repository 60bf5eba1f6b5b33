"""Copies of an image within its class."""

from collections.abc import Iterable

from counterpoise.core.catalog.context import Context
from counterpoise.core.findings import Finding, Severity, make_finding
from counterpoise.core.findings.words import count


def duplicate_images(context: Context) -> Iterable[Finding]:
    """Same pixels, also when renamed or stored in another format; one of them is kept per part."""
    sets = []
    for images in context.by_content.values():
        doubled = {i.label for i in images if (i.path, i.frame) in context.copies}
        sets += [[i for i in images if i.label == label] for label in sorted(doubled)]
    if not sets:
        return
    copies = len(context.copies)
    yield make_finding(
        "duplicate-images",
        Severity.INFO,
        {"copies": copies, "sets": [sorted({i.path for i in images}) for images in sets[:100]]},
        words={"number": count(copies, "image is a copy", "images are copies")},
        paths=sorted({i.path for images in sets for i in images}),
    )
