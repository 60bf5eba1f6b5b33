"""Classes without a single readable image."""

from collections.abc import Iterable

from counterpoise.core.catalog.context import Context
from counterpoise.core.findings import Finding, Severity, make_finding
from counterpoise.core.findings.words import count


def empty_class(context: Context) -> Iterable[Finding]:
    """One finding per class; it also names the files that were tried."""
    for label in context.catalog.empty_classes:
        tried = [entry.path for entry in context.catalog.skipped if label in entry.path.split("/")[:-1]]
        yield make_finding(
            "empty-class",
            Severity.BLOCKER,
            {"class": label, "files": len(tried)},
            words={
                "label": label,
                "seen": f"none of its {count(len(tried), 'file')} is a readable image"
                if tried
                else "it holds no file",
            },
            paths=tried,
        )
