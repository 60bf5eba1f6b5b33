"""Which images the gallery shows, in which order and sections. No Qt."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from counterpoise.core.catalog.types import Catalog, Key
from counterpoise.core.findings import by_urgency
from counterpoise.gui.gallery_table import ImageTable
from counterpoise.gui.texts.findings import badge

Places = NDArray[np.intp]
Mask = NDArray[np.bool_]
CHIPS = ("class", "part")
"""Facets with a chip of their own."""


@dataclass(frozen=True)
class Wish:
    """What the user wants to see; words, so that it outlives the catalog it was said of."""

    facets: Mapping[str, str] = field(default_factory=dict)
    """Value by facet; facets that aren't named don't matter."""
    finding: str = ""
    """Title; empty: it doesn't matter."""
    text: str = ""
    """Words that file, class or patient must hold, all of them."""
    paths: frozenset[str] | None = None
    keys: tuple[Key, ...] | None = None
    """These alone, in this order as long as they are sorted by name."""
    sort: str = "path"
    backwards: bool = False
    sections: str = ""

    @property
    def filters(self) -> bool:
        """Whether anything is hidden."""
        asked = self.paths is not None or self.keys is not None
        return bool(self.facets or self.finding or self.text.strip() or asked)


@dataclass(frozen=True)
class Arrangement:
    """The images in the order shown, cut into sections."""

    places: Places
    """Indexes into the catalog's images, ``[rows]``."""
    starts: Places
    """The first row of each section; one section where there are none."""
    titles: tuple[str, ...]
    """Of the sections; empty texts where there are none."""


NOTHING = Arrangement(np.zeros(0, np.intp), np.zeros(0, np.intp), ())


def arrange(table: ImageTable, wish: Wish) -> Arrangement:
    """Return the images that fit ``wish``, sorted and in sections."""
    places = np.flatnonzero(np.logical_and.reduce([*_masks(table, wish).values(), _all(table)]))
    keys: list[NDArray[np.float64] | NDArray[np.int32]] = []
    if wish.sort in table.numbers:
        keys.append(table.numbers[wish.sort][places])
    elif wish.sort in table.facets:
        keys.append(table.facets[wish.sort].codes[places])
    elif wish.keys is not None:
        rank = {key: number for number, key in enumerate(wish.keys)}
        keys.append(np.array([rank[_key(table, place)] for place in places], np.int32))
    else:
        keys.append(places.astype(np.int32))
    if wish.backwards:
        keys[0] = -keys[0]
    facet = table.facets.get(wish.sections)
    if facet is None:
        order = np.lexsort(keys)
        return Arrangement(places[order], np.zeros(min(1, len(places)), np.intp), ("",) * bool(len(places)))
    order = np.lexsort([*keys, facet.codes[places]])
    places = places[order]
    codes = facet.codes[places]
    starts = np.flatnonzero(np.r_[True, codes[1:] != codes[:-1]]) if len(codes) else np.zeros(0, np.intp)
    return Arrangement(places, starts, tuple(facet.words[code] for code in codes[starts]))


def counts(table: ImageTable, wish: Wish) -> dict[str, list[int]]:
    """Return for each facet how many images each value would show, the other filters staying as they are.

    ``finding`` counts the images of each of ``table.findings``, which may overlap.
    """
    masks = _masks(table, wish)
    found = {}
    for name, facet in table.facets.items():
        if name == "patient":
            continue
        others = [mask for key, mask in masks.items() if key != name]
        chosen = facet.codes[np.logical_and.reduce([*others, _all(table)])]
        found[name] = np.bincount(chosen, minlength=len(facet.words)).tolist()
    others = np.logical_and.reduce([*(m for key, m in masks.items() if key != "found"), _all(table)])
    found["finding"] = [int((_named(table, paths) & others).sum()) for paths in table.findings.values()]
    return found


def _masks(table: ImageTable, wish: Wish) -> dict[str, Mask]:
    """Return what each filter leaves, by its name."""
    masks: dict[str, Mask] = {}
    for name, words in wish.facets.items():
        facet = table.facets[name]
        masks[name] = facet.codes == facet.code(words)
    if wish.finding:
        masks["found"] = _named(table, table.findings.get(wish.finding, frozenset()))
    if wish.paths is not None:
        masks["asked"] = _named(table, wish.paths)
    if wish.keys is not None:
        keys = frozenset(wish.keys)
        masks["asked"] = _mask(table, ((image.path, image.frame) in keys for image in table.images))
    words_wanted = wish.text.lower().split()
    if words_wanted:
        texts = (f"{image.path}\n{image.label}\n{image.group}".lower() for image in table.images)
        masks["text"] = _mask(table, (all(word in text for word in words_wanted) for text in texts))
    return masks


def _all(table: ImageTable) -> Mask:
    return np.ones(len(table.images), np.bool_)


def _named(table: ImageTable, paths: frozenset[str]) -> Mask:
    return _mask(table, (image.path in paths for image in table.images))


def _mask(table: ImageTable, fits) -> Mask:  # type: ignore[no-untyped-def]  # a generator of bool
    return np.fromiter(fits, np.bool_, len(table.images))


def _key(table: ImageTable, place: np.intp) -> Key:
    image = table.images[place]
    return image.path, image.frame


def badges(catalog: Catalog) -> dict[str, str]:
    """Return a word or two for each path that a finding names, of its most urgent finding."""
    found: dict[str, str] = {}
    for finding in by_urgency(catalog.findings):
        words = badge(finding)
        if words:
            for path in finding.paths:
                found.setdefault(path, words)
    return found
