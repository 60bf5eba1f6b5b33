"""Which rows of the gallery are chosen, and which one is in hand. No Qt."""

import numpy as np
from numpy.typing import NDArray


class Selection:
    """One row is in hand (``current``); a range begins where the last single one was chosen."""

    def __init__(self, rows: int = 0, current: int = -1) -> None:
        self._mask: NDArray[np.bool_] = np.zeros(rows, np.bool_)
        self.current = current
        self._anchor = max(current, 0)
        self._kept = self._mask
        """What is chosen beside the range that is being drawn."""

    @property
    def count(self) -> int:
        return int(np.count_nonzero(self._mask))

    @property
    def rows(self) -> NDArray[np.intp]:
        """The chosen rows, rising."""
        return np.flatnonzero(self._mask)

    def holds(self, row: int) -> bool:
        return bool(self._mask[row])

    def only(self, row: int) -> None:
        """Choose a row alone."""
        self.take(np.array([row]), row)

    def toggle(self, row: int) -> None:
        """Choose one more, or one less."""
        self._mask[row] = not self._mask[row]
        self._set(row)

    def to(self, row: int) -> None:
        """Choose from where the range began to ``row``."""
        low, high = sorted((self._anchor, row))
        self._mask = self._kept.copy()
        self._mask[low : high + 1] = True
        self.current = row

    def go(self, row: int) -> None:
        """Take a row in hand without choosing it."""
        self.current = row

    def take(self, rows: NDArray[np.intp], current: int = -1) -> None:
        """Choose these rows, and no others."""
        self._mask = np.zeros(len(self._mask), np.bool_)
        self._mask[rows] = True
        if current >= 0:
            self.current = current
        self._anchor = max(self.current, 0)
        self._kept = np.zeros(len(self._mask), np.bool_)

    def add(self, rows: range) -> None:
        """Choose these rows too; where all are chosen already, none of them."""
        part = self._mask[rows.start : rows.stop]
        self._mask[rows.start : rows.stop] = not part.all()
        self._set(rows.start)

    def all(self) -> None:
        """Choose every row."""
        self._mask = np.ones(len(self._mask), np.bool_)
        self._set(self.current)

    def invert(self) -> None:
        self._mask = ~self._mask
        self._set(self.current)

    def clear(self) -> None:
        self._mask = np.zeros(len(self._mask), np.bool_)
        self._set(self.current)

    def _set(self, row: int) -> None:
        self.current = row
        self._anchor = max(row, 0)
        self._kept = self._mask.copy()
