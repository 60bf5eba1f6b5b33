"""What the gallery shows: images in an order, their badges, and which of them are chosen."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from counterpoise.core.catalog.types import ImageRecord, Key
from counterpoise.core.study.edits import Edit
from counterpoise.gui.gallery_filter import NOTHING, Arrangement
from counterpoise.gui.gallery_selection import Selection
from counterpoise.gui.texts import common, inspect
from counterpoise.gui.texts import gallery as texts


class GalleryModel(QObject):
    """Rows are the images' numbers in the order shown. What is chosen stays so through edits and scans."""

    about_to_arrange = Signal()
    arranged = Signal()
    """Other rows, or in another order."""
    repainted = Signal()
    """Images look different now, in their places."""
    chosen_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.arrangement: Arrangement = NOTHING
        self.selection = Selection()
        self._images: Sequence[ImageRecord] = ()
        self._badges: Mapping[str, str] = {}
        self._edited: Mapping[Key, Edit] = {}

    def set_badges(self, badges: Mapping[str, str], edited: Mapping[Key, Edit]) -> None:
        """Mark images by path (what was found) and by key (what the user has changed)."""
        self._badges, self._edited = badges, edited
        self.repainted.emit()

    def show(self, images: Sequence[ImageRecord], arrangement: Arrangement) -> None:
        """Show ``images`` in an order; what was chosen and is still there stays chosen."""
        old, places = self._images, self.arrangement.places
        if arrangement is self.arrangement or _same(self.arrangement, arrangement, old, images):
            self._images, self.arrangement = images, arrangement
            self.repainted.emit()
            return
        self.about_to_arrange.emit()
        picked = self.selection.rows
        current = self.selection.current
        kept = [int(places[row]) for row in picked]
        in_hand = [int(places[current])] if 0 <= current < len(places) else []
        rows = np.full(len(images) + 1, -1, np.intp)
        rows[arrangement.places] = np.arange(len(arrangement.places))
        moved = rows[_found(old, images, [*kept, *in_hand])]
        self._images, self.arrangement = images, arrangement
        at = int(moved[-1]) if in_hand else -1
        self.selection = Selection(len(arrangement.places), at)
        chosen = moved[: len(kept)]
        self.selection.take(chosen[chosen >= 0], at)
        self.arranged.emit()
        self.chosen_changed.emit()

    def rowCount(self) -> int:
        return len(self.arrangement.places)

    def image(self, row: int) -> ImageRecord:
        return self._images[int(self.arrangement.places[row])]

    def key(self, row: int) -> Key:
        image = self.image(row)
        return image.path, image.frame

    def row_of(self, key: Key) -> int:
        """Return the row of an image; -1 where it isn't shown."""
        place = _place(self._images, key)
        found = np.flatnonzero(self.arrangement.places == place)
        return int(found[0]) if place >= 0 and len(found) else -1

    def badge(self, row: int) -> tuple[str, bool]:
        """Return the words of an image's badge, and whether they tell of the user's own change."""
        image = self.image(row)
        edit = self._edited.get((image.path, image.frame))
        if edit is not None:
            return texts.change(edit), True
        return (inspect.LEFT_OUT_BADGE if not image.part else self._badges.get(image.path, "")), False

    def badges(self, row: int) -> str:
        """Return all that is to be said of an image: its badge, and what was found beside it."""
        badge = self.badge(row)[0]
        found = self._badges.get(self.image(row).path, "")
        return " · ".join(dict.fromkeys(filter(None, (badge, found))))

    def words(self, row: int) -> str:
        """Return what the tooltip and a screen reader say of an image."""
        image = self.image(row)
        facts = [image.label, common.PARTS[image.part], texts.patient(image.group) if image.group else ""]
        badge = self.badges(row)
        return f"{image.path}\n{' · '.join(filter(None, [*facts, badge]))}"

    def chosen(self) -> list[ImageRecord]:
        """Return the chosen images, else the one in hand."""
        rows = self.selection.rows
        if len(rows):
            return [self.image(row) for row in rows]
        return [self.image(self.selection.current)] if self.selection.current >= 0 else []


def _same(
    old: Arrangement, new: Arrangement, before: Sequence[ImageRecord], after: Sequence[ImageRecord]
) -> bool:
    """Whether both show the same images in the same order, whatever else is known of them."""
    same = np.array_equal(old.places, new.places) and np.array_equal(old.starts, new.starts)
    if not same or old.titles != new.titles or not len(new.places):
        return False
    return all(
        before[i] is after[i] or (before[i].path, before[i].frame) == (after[i].path, after[i].frame)
        for i in new.places
    )


def _found(
    before: Sequence[ImageRecord], after: Sequence[ImageRecord], places: Sequence[int]
) -> NDArray[np.intp]:
    """Return the places in ``after`` of images that had these in ``before``; -1 for those that are gone."""
    found = np.full(len(places), -1, np.intp)
    for number, place in enumerate(places):
        image = before[place]
        other = after[place] if place < len(after) else None
        if other is not None and (image is other or (image.path, image.frame) == (other.path, other.frame)):
            found[number] = place
        else:
            found[number] = _place(after, (image.path, image.frame))
    return found


def _place(images: Sequence[ImageRecord], key: Key) -> int:
    place = bisect_left(images, key, key=attrgetter("path", "frame"))
    same = place < len(images) and (images[place].path, images[place].frame) == key
    return place if same else -1
