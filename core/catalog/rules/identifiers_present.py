"""What could tell who a patient is: in names, in metadata, burned into pixels, perhaps written on."""

from collections.abc import Iterable, Sequence

from counterpoise.core.catalog.burned_in import share_looked_at
from counterpoise.core.catalog.context import Context
from counterpoise.core.catalog.privacy import identifying_kinds
from counterpoise.core.findings import Finding, Severity, make_finding
from counterpoise.core.findings.words import count, percent, some

PLACES = {
    "names": "in file or folder names",
    "metadata": "in the metadata of image files",
    "pixels": "burned into the pixels, as the files say",
    "dicom-tags": "in DICOM tags",
}

_SAMPLED = " Of so many images only about {} are looked at for this, so there may be more."


def identifiers_present(context: Context) -> Iterable[Finding]:
    """Warning for what could leave with a copy of the images.

    Info for DICOM tags, which are never copied, and for what looks like writing, which is a guess.
    """
    where: dict[str, dict[str, set[str]]] = {}
    for path in context.catalog.public_names:
        where.setdefault("names", {})[path] = set(identifying_kinds(path))
    for (path, _), notes in context.notes.items():
        for code, evidence in notes:
            if code == "identifiers-present":
                place = where.setdefault(str(evidence.get("where", "metadata")), {})
                place.setdefault(path, set()).update(evidence.get("kinds", ()))
    tags = {"dicom-tags": where.pop("dicom-tags")} if "dicom-tags" in where else {}
    writing = where.pop("writing", {}).keys() - where.get("pixels", {}).keys()
    yield from _told(where, Severity.WARNING, None)
    yield from _told(tags, Severity.INFO, "tags")
    yield from _guessed(sorted(writing), len({image.path for image in context.present}))


def _guessed(paths: Sequence[str], files: int) -> Iterable[Finding]:
    """Tell of what looks like writing, and that not all images of a large set were looked at."""
    if not paths:
        return
    share = share_looked_at(files)
    yield make_finding(
        "identifiers-present",
        Severity.INFO,
        {"files": len(paths), "where": {"writing": len(paths)}, "kinds": ["text"], "looked_at": share},
        variant="writing",
        words={
            "number": count(len(paths), "image seems", "images seem"),
            "sampled": _SAMPLED.format(percent(share)) if share < 1 else "",
        },
        paths=paths,
    )


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
