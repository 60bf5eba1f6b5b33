"""Class names that people read as the same."""

import unicodedata
from collections.abc import Iterable

from counterpoise.core.catalog.context import Context
from counterpoise.core.findings import Finding, Severity, make_finding


def class_name_collision(context: Context) -> Iterable[Finding]:
    """Names equal but for case, spaces or Unicode form."""
    alike: dict[str, list[str]] = {}
    for label in context.catalog.labels:
        alike.setdefault(_plain(label), []).append(label)
    for labels in alike.values():
        if len(labels) > 1:
            yield make_finding(
                "class-name-collision",
                Severity.WARNING,
                {"classes": labels},
                words={"names": " and ".join(f"'{label}'" for label in labels)},
            )


def _plain(label: str) -> str:
    return "".join(unicodedata.normalize("NFKC", label).casefold().split())
