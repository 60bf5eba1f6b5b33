"""Keeps table and arrangement of the gallery up to date, beside the window where that takes long."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QObject, QThreadPool, Signal

from counterpoise.core.catalog.types import Catalog, Key
from counterpoise.core.study.edits import Edit
from counterpoise.gui.gallery_filter import Arrangement, Wish, arrange, badges, counts
from counterpoise.gui.gallery_table import ImageTable, make_table
from counterpoise.gui.jobs import in_background

AT_ONCE = 5000
"""Up to so many images (30 ms) nothing needs to wait."""
Counts = Mapping[str, list[int]]


@dataclass(frozen=True)
class Fed:
    """What the gallery needs to show a catalog."""

    number: int
    table: ImageTable
    arrangement: Arrangement
    counts: Counts
    badges: Mapping[str, str]


class GalleryFeed(QObject):
    """The newest answer counts; those before it are dropped."""

    fed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._number = 0
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)

    def ask(self, catalog: Catalog, table: ImageTable | None, edited: Mapping[Key, Edit], wish: Wish) -> None:
        """Ask for the arrangement of a catalog; ``table`` is given where it still holds."""
        self._number += 1
        number = self._number

        def work() -> Fed:
            known = table if table is not None else make_table(catalog, edited)
            return Fed(number, known, arrange(known, wish), counts(known, wish), badges(catalog))

        self._run(work, len(catalog.images))

    def drop(self) -> None:
        """Let no answer count that is on its way."""
        self._number += 1

    def _run(self, work: Callable[[], Fed], images: int) -> None:
        if images <= AT_ONCE:
            self._done(work())
        else:
            in_background(work, self._done, None, self._pool)

    def _done(self, fed: Fed) -> None:
        if fed.number == self._number:
            self.fed.emit(fed)

    def close(self) -> None:
        self.drop()
        self._pool.waitForDone()


def same_order(one: Arrangement, other: Arrangement) -> bool:
    """Whether both show the same places in the same order and sections."""
    same = np.array_equal(one.places, other.places) and np.array_equal(one.starts, other.starts)
    return same and one.titles == other.titles
