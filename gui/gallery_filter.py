"""Which images the gallery shows. No Qt."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from counterpoise.core.catalog.types import Catalog, ImageRecord
from counterpoise.gui.texts.findings import BADGES


@dataclass(frozen=True)
class Filter:
    """What must hold of an image; empty means anything."""

    label: str | None = None
    part: str | None = None
    paths: frozenset[str] | None = None
    """The images of a finding, or those asked for."""

    def fits(self, image: ImageRecord) -> bool:
        return (
            (self.label is None or image.label == self.label)
            and (self.part is None or image.part == self.part)
            and (self.paths is None or image.path in self.paths)
        )


def chosen(catalog: Catalog, what: Filter) -> Sequence[int]:
    """Return the places in ``catalog.images`` of the images that fit."""
    if what == Filter():
        return range(len(catalog.images))
    fits = what.fits
    return [i for i, image in enumerate(catalog.images) if fits(image)]


def badges(catalog: Catalog) -> dict[str, str]:
    """Return a word or two for each path that a finding names, of its most urgent finding."""
    found: dict[str, str] = {}
    for finding in catalog.findings:
        words = BADGES.get(finding.code)
        if words is not None:
            for path in finding.paths:
                found.setdefault(path, words)
    return found


def with_findings(catalog: Catalog) -> Collection[str]:
    """Return the paths that any finding names, those passed over included."""
    return frozenset(path for finding in catalog.findings for path in finding.paths)
