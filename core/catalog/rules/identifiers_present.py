"""What could tell who a patient is: in names, in metadata, burned into pixels."""

from collections.abc import Iterable

from counterpoise.core.catalog.context import Context
from counterpoise.core.catalog.privacy import identifying_kinds
from counterpoise.core.findings import Finding, Severity, make_finding
from counterpoise.core.findings.words import count, some

PLACES = {
    "names": "in file or folder names",
    "metadata": "in the metadata of image files",
    "pixels": "burned into the pixels, as the files say",
    "dicom-tags": "in DICOM tags",
}


def identifiers_present(context: Context) -> Iterable[Finding]:
    """Warning for what could leave with a copy of the images; info for DICOM tags, which are never copied."""
    where: dict[str, dict[str, set[str]]] = {}
    for path in context.catalog.public_names:
        where.setdefault("names", {})[path] = set(identifying_kinds(path))
    for (path, _), notes in context.notes.items():
        for code, evidence in notes:
            if code == "identifiers-present":
                place = where.setdefault(str(evidence.get("where", "metadata")), {})
                place.setdefault(path, set()).update(evidence.get("kinds", ()))
    tags = {"dicom-tags": where.pop("dicom-tags")} if "dicom-tags" in where else {}
    yield from _told(where, Severity.WARNING, None)
    yield from _told(tags, Severity.INFO, "tags")


def _told(
    where: dict[str, dict[str, set[str]]], severity: Severity, variant: str | None
) -> Iterable[Finding]:
    if not where:
        return
    paths = sorted({path for found in where.values() for path in found})
    kinds = sorted({kind for found in where.values() for each in found.values() for kind in each})
    yield make_finding(
        "identifiers-present",
        severity,
        {
            "files": len(paths),
            "where": {place: len(found) for place, found in sorted(where.items())},
            "kinds": kinds,
        },
        variant=variant,
        words={
            "number": count(len(paths), "file holds", "files hold"),
            "what": some([f"{kind}s" for kind in kinds], 5) or "identifiers",
            "places": some([PLACES.get(place, place) for place in sorted(where)]),
        },
        paths=paths,
    )
