"""Nothing to tell apart."""

from collections.abc import Iterable

from counterpoise.core.catalog.context import Context
from counterpoise.core.findings import Finding, Severity, make_finding
from counterpoise.core.findings.words import count, some


def single_class(context: Context) -> Iterable[Finding]:
    """DATA has one class only, or the user left all images out."""
    labels = context.catalog.labels
    if not labels:
        left_out = count(len(context.catalog.excluded), "image is", "images are")
        yield make_finding(
            "single-class",
            Severity.BLOCKER,
            {"class": None, "excluded": len(context.catalog.excluded)},
            variant="none",
            words={"number": left_out},
        )
    if len(labels) != 1:
        return
    inside = _sub_folders(context)
    yield make_finding(
        "single-class",
        Severity.BLOCKER,
        {"class": labels[0], "inside": inside},
        variant="nested" if inside else None,
        words={"label": labels[0], "names": some([f"'{name}'" for name in inside])},
    )


def _sub_folders(context: Context) -> list[str]:
    """Return the folders within the class where all images lie in such: classes one level too deep."""
    if context.table is not None:
        return []
    levels = [image.path.split("/") for image in context.present]
    inside = sorted({names[1] for names in levels if len(names) > 2})
    return inside if len(inside) > 1 and all(len(names) > 2 for names in levels) else []
