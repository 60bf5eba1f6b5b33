"""The same pixels under two labels: at least one label is wrong."""

from collections.abc import Iterable

from counterpoise.core.catalog.context import Context
from counterpoise.core.catalog.rules.leave_out import leave_out
from counterpoise.core.catalog.rules.pairs import pairs_evidence
from counterpoise.core.findings import Finding, Severity, make_finding
from counterpoise.core.findings.words import count, some_pairs


def duplicate_across_classes(context: Context) -> Iterable[Finding]:
    """Told with pairs: the first of a label beside each image with another label."""
    pairs: list[tuple[str, str]] = []
    involved: set[str] = set()
    contents = 0
    for images in context.by_content.values():
        if len({image.label for image in images}) < 2:
            continue
        contents += 1
        involved.update(image.path for image in images)
        pairs += [(images[0].path, other.path) for other in images if other.label != images[0].label]
    if not pairs:
        return
    paths = sorted(involved)
    yield make_finding(
        "duplicate-across-classes",
        Severity.WARNING,
        {"contents": contents, **pairs_evidence(paths, pairs)},
        words={"number": count(contents, "image stands", "images stand"), "which": some_pairs(pairs)},
        paths=paths,
        fix=leave_out(context, involved, f"Leave these {count(len(involved), 'file')} out"),
    )
