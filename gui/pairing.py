"""Which images of a finding are to be seen side by side. No Qt."""

from counterpoise.core.catalog.types import Catalog, ImageRecord
from counterpoise.core.findings import Finding

Pair = tuple[ImageRecord, ImageRecord]
MOST = 200
"""As many as a finding names at most."""


def has_pairs(finding: Finding) -> bool:
    """Whether a finding is about images that are alike."""
    return bool(finding.evidence.get("pairs") or finding.evidence.get("sets"))


def pairs_of(finding: Finding, catalog: Catalog) -> list[Pair]:
    """Return the pairs that a finding names, or those with the same pixels of the sets that it names."""
    named = finding.evidence.get("pairs")
    return _named(finding.paths, named, catalog) if named else _copies(frozenset(finding.paths), catalog)


def _named(paths: tuple[str, ...], pairs: list[list[int]], catalog: Catalog) -> list[Pair]:
    first: dict[str, ImageRecord] = {}
    for image in reversed(catalog.images):
        first[image.path] = image
    found = ((first.get(paths[a]), first.get(paths[b])) for a, b in pairs)
    return [(a, b) for a, b in found if a is not None and b is not None]


def _copies(paths: frozenset[str], catalog: Catalog) -> list[Pair]:
    """Pair each copy with the one of its set that is kept, else with the first."""
    sets: dict[tuple[str, str], list[ImageRecord]] = {}
    for image in catalog.images:
        if image.path in paths:
            sets.setdefault((image.content, image.label), []).append(image)
    found: list[Pair] = []
    for images in sets.values():
        kept = next((image for image in images if image.part), images[0])
        found += [(kept, image) for image in images if image is not kept]
    return found[:MOST]
