"""Where the images and headings of a gallery lie: rows of equal squares, cut into sections. No Qt."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels, ``y`` from the top of the first image or heading."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Layout:
    """``rows`` images (a row is an image's number in the order shown) in ``columns``."""

    rows: int
    starts: Sequence[int] | NDArray[np.intp]
    """First row of each section, rising from 0."""
    columns: int
    side: int
    """Of an image with its gap, in pixels."""
    header: int
    """Height of a heading; 0 without headings."""

    @cached_property
    def _starts(self) -> NDArray[np.int64]:
        found: NDArray[np.int64] = np.asarray(self.starts, np.int64)
        return found

    @cached_property
    def _ends(self) -> NDArray[np.int64]:
        return np.append(self._starts[1:], self.rows)

    @cached_property
    def _tops(self) -> NDArray[np.int64]:
        """Top of each section, and the end of the last."""
        lines = -(-(self._ends - self._starts) // self.columns)
        return np.append(0, np.cumsum(lines * self.side + self.header))

    @property
    def height(self) -> int:
        return int(self._tops[-1]) if self.rows else 0

    def section(self, row: int) -> int:
        """Return the number of the section that holds a row."""
        return int(np.searchsorted(self._starts, row, side="right")) - 1

    def rows_of(self, section: int) -> range:
        return range(int(self._starts[section]), int(self._ends[section]))

    def box(self, row: int) -> Box:
        """Return where an image lies."""
        section = self.section(row)
        line, column = divmod(row - int(self._starts[section]), self.columns)
        top = int(self._tops[section]) + self.header + line * self.side
        return Box(column * self.side, top, self.side, self.side)

    def headings(self, top: int, bottom: int) -> Iterator[tuple[int, int]]:
        """Yield section and y of each section that reaches into ``top`` to ``bottom``."""
        if self.rows:
            first = max(int(np.searchsorted(self._tops, top, side="right")) - 1, 0)
            last = min(int(np.searchsorted(self._tops, bottom, side="left")), len(self._starts))
            for section in range(first, last):
                yield section, int(self._tops[section])

    def visible(self, top: int, bottom: int) -> Iterator[range]:
        """Yield the rows that reach into ``top`` to ``bottom``, a range for each section."""
        for section, y in self.headings(top, bottom):
            rows = self.rows_of(section)
            above = max(top - y - self.header, 0) // self.side * self.columns
            below = -(-max(bottom - y - self.header, 0) // self.side) * self.columns
            found = range(rows.start + above, min(rows.start + below, rows.stop))
            if found:
                yield found

    def at(self, x: int, y: int) -> int:
        """Return the row at a point; -1 where there is none."""
        for section, top in self.headings(y, y + 1):
            line, column = (y - top - self.header) // self.side, x // self.side
            row = int(self._starts[section]) + line * self.columns + column
            if y >= top + self.header and 0 <= column < self.columns and row < self._ends[section]:
                return row
        return -1

    def heading_at(self, y: int) -> int:
        """Return the section whose heading lies at ``y``; -1 where none does."""
        for section, top in self.headings(y, y + 1):
            if top <= y < top + self.header:
                return section
        return -1

    def moved(self, row: int, lines: int) -> int:
        """Return the row that lies ``lines`` further down (or up), in the same column where there is one."""
        for _ in range(abs(lines)):
            row = self._down(row) if lines > 0 else self._up(row)
        return row

    def _down(self, row: int) -> int:
        rows = self.rows_of(self.section(row))
        column = (row - rows.start) % self.columns
        if row + self.columns < rows.stop:
            return row + self.columns
        if (row - rows.start) // self.columns < (len(rows) - 1) // self.columns:  # a shorter line below
            return rows.stop - 1
        if rows.stop >= self.rows:
            return row
        below = self.rows_of(self.section(rows.stop))
        return min(below.start + column, below.stop - 1)

    def _up(self, row: int) -> int:
        rows = self.rows_of(self.section(row))
        column = (row - rows.start) % self.columns
        if row - self.columns >= rows.start:
            return row - self.columns
        if rows.start == 0:
            return row
        above = self.rows_of(self.section(rows.start - 1))
        last = (len(above) - 1) // self.columns * self.columns
        return min(above.start + last + column, above.stop - 1)
