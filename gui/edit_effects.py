"""What edits do to the catalog in hand, forwards and backwards, until the next scan says it. No Qt."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from operator import attrgetter

from counterpoise.core.catalog.types import PARTS, Catalog, ImageRecord, Key, Part
from counterpoise.core.study.edits import Edit

_key = attrgetter("path", "frame")


@dataclass(frozen=True)
class Effect:
    """How one image is to be shown."""

    label: str | None = None
    """None: as it is."""
    part: str | None = None
    excluded: bool | None = None


def forward(edit: Edit) -> Effect:
    """Return what an edit does."""
    if edit.kind == "relabel":
        return Effect(label=edit.value)
    if edit.kind == "exclude":
        return Effect(part="", excluded=True)
    if edit.kind == "restore":
        # Its part is for the next scan to say; until then it is shown as a training image.
        return Effect(part="train", excluded=False)
    return Effect(part=edit.value)


def backward(edit: Edit) -> Effect:
    """Return what taking an edit back does; nothing where it doesn't say what was before."""
    if edit.kind == "relabel":
        return Effect(label=edit.was or None)
    if edit.kind == "exclude":
        return Effect(part=edit.was or "train", excluded=False)
    if edit.kind == "restore":
        return Effect(part="", excluded=True)
    return Effect(part=edit.was)


def applied(catalog: Catalog, effects: Mapping[Key, Effect]) -> Catalog:
    """Return the catalog with these images shown differently; unknown images don't matter."""
    images = list(catalog.images)
    for key, effect in effects.items():
        place = bisect_left(images, key, key=_key)
        if place < len(images) and _key(images[place]) == key:
            images[place] = _shown(images[place], effect)
    left_out = {key for key, effect in effects.items() if effect.excluded}
    back = {key for key, effect in effects.items() if effect.excluded is False}
    return replace(catalog, images=tuple(images), excluded=(catalog.excluded | left_out) - back)


def _shown(image: ImageRecord, effect: Effect) -> ImageRecord:
    part = _part(effect.part) if effect.part is not None else image.part
    label = image.label if effect.label is None else effect.label
    return ImageRecord(*_BEFORE(image), label, image.group, part, *_AFTER(image))


_FIELDS = ImageRecord.__slots__
_BEFORE, _AFTER = attrgetter(*_FIELDS[:2]), attrgetter(*_FIELDS[5:])
"""Path and frame, and what stands behind label, group and part: ``replace`` takes five times as long."""


def _part(name: str) -> Part:
    return next((part for part in PARTS if part == name), "")


def edited(edits: Iterable[Edit]) -> dict[Key, Edit]:
    """Return the images that differ from their folders, each with the last edit that makes it so."""
    first: dict[tuple[Key, str], str] = {}
    last: dict[tuple[Key, str], Edit] = {}
    for edit in edits:
        kind = "exclude" if edit.kind == "restore" else edit.kind
        about = ((edit.path, edit.frame), kind)
        first.setdefault(about, edit.was if kind != "exclude" else "")
        last.pop(about, None)
        undone = edit.kind == "restore" or (kind != "exclude" and edit.value == first[about])
        if not undone:
            last[about] = edit
    return {key: edit for (key, _), edit in last.items()}
