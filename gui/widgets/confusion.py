"""The confusion matrix, whose cells are buttons: truth in rows, what the model said in columns."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from counterpoise.gui.texts import results as texts
from counterpoise.gui.theme import colours, font
from counterpoise.gui.widgets.painting import BOLD, laid

GAP = 4
SMALL = 4
"""Up to this many classes the names stand in full above the columns; beyond it they are numbered."""


class ConfusionMatrix(QWidget):
    """Paints counts; a click, or the arrow keys with Return, chooses a cell."""

    cell_chosen = Signal(int, int)
    """Row (truth) and column (said)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._labels: tuple[str, ...] = ()
        self._counts: tuple[tuple[int, ...], ...] = ()
        self._current = (0, 0)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(texts.CONFUSION_TITLE)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_counts(self, labels: Sequence[str], counts: Sequence[Sequence[int]]) -> None:
        self._labels, self._counts = tuple(labels), tuple(tuple(row) for row in counts)
        self._current = (0, 0)
        self._describe()
        self.updateGeometry()
        self.update()

    def _describe(self) -> None:
        row, column = self._current
        if self._counts:
            words = texts.cell(self._labels[row], self._labels[column], self._counts[row][column])
            self.setAccessibleDescription(words)

    def sizeHint(self) -> QSize:
        k = max(len(self._labels), 2)
        return QSize(280, 180 if k <= SMALL else 60 + 24 * k)

    def minimumSizeHint(self) -> QSize:
        k = max(len(self._labels), 2)
        return QSize(200, 150 if k <= SMALL else 40 + 22 * k)

    def _grid(self) -> tuple[int, int]:
        """Return where the cells begin: left and top."""
        metrics = QFontMetrics(font(12))
        names = max(
            (metrics.horizontalAdvance(self._row_name(i)) for i in range(len(self._labels))), default=0
        )
        return min(names + 12, self.width() // 3), (
            2 * metrics.height() if len(self._labels) <= SMALL else metrics.height()
        ) + 8

    def _row_name(self, index: int) -> str:
        return self._labels[index] if len(self._labels) <= SMALL else f"{index + 1}  {self._labels[index]}"

    def _cell(self, row: int, column: int) -> QRect:
        left, top = self._grid()
        k = len(self._labels)
        width, height = (self.width() - left) / k, min((self.height() - top) / k, self._tallest())
        gap = GAP if k <= SMALL else 2
        x, y = left + column * width, top + row * height
        return QRect(round(x), round(y), round(width) - gap, round(height) - gap)

    def _tallest(self) -> int:
        """Cells stay wider than high, and never become posters."""
        return max(min(round(0.7 * self.width() / max(len(self._labels), 1)), 150), 26)

    def _at(self, point: QPoint) -> tuple[int, int] | None:
        k = len(self._labels)
        found = [(r, c) for r in range(k) for c in range(k) if self._cell(r, c).contains(point)]
        return found[0] if found else None

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._labels:
            return
        palette = colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        k = len(self._labels)
        left, top = self._grid()
        small = font(12)
        metrics = QFontMetrics(small)
        painter.setFont(small)
        painter.setPen(QColor(palette.muted))
        for i in range(k):
            cell = self._cell(0, i)
            head = texts.said(self._labels[i]) if k <= SMALL else str(i + 1)
            flags = int(
                Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom | Qt.TextFlag.TextWordWrap
            )
            painter.drawText(QRect(cell.left(), 0, cell.width(), top - 6), flags, head)
            cell = self._cell(i, 0)
            name = metrics.elidedText(self._row_name(i), Qt.TextElideMode.ElideRight, left - 10)
            align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(QRect(0, cell.top(), left - 10, cell.height()), align, name)
        for row in range(k):
            of = sum(self._counts[row]) or 1
            for column in range(k):
                self._paint_cell(painter, row, column, self._counts[row][column] / of)

    def _paint_cell(self, painter: QPainter, row: int, column: int, share: float) -> None:
        palette = colours()
        cell, number = self._cell(row, column), self._counts[row][column]
        many = len(self._labels) > SMALL
        right = row == column
        tone, ground = (
            (palette.good, palette.good_ground) if right else (palette.blocker, palette.blocker_ground)
        )
        depth = 0.45 * share if many else 0.0
        # An error that never happened is no error: it stays without colour.
        fill = laid(tone, ground, depth) if number or (right and not many) else QColor(palette.background)
        current = self.hasFocus() and self._current == (row, column)
        painter.setPen(QPen(QColor(palette.accent), 2) if current else Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawRoundedRect(cell, 6 if not many else 3, 6 if not many else 3)
        if many and not number:
            return
        size = 30 if not many else 12
        while size > 9 and QFontMetrics(font(size, BOLD)).horizontalAdvance(f"{number:,}") > cell.width() - 4:
            size -= 2
        painter.setFont(font(size, BOLD))
        painter.setPen(QColor(palette.ink))
        painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, f"{number:,}")

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = self._at(event.position().toPoint())
        self.setCursor(Qt.CursorShape.PointingHandCursor if at else Qt.CursorShape.ArrowCursor)
        if at:
            words = texts.cell(self._labels[at[0]], self._labels[at[1]], self._counts[at[0]][at[1]])
            QToolTip.showText(event.globalPosition().toPoint(), words, self, self._cell(*at))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = self._at(event.position().toPoint())
        if at:
            self._move(*at)
            self.cell_chosen.emit(*at)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
        }
        key = Qt.Key(event.key())
        if key in steps and self._labels:
            last = len(self._labels) - 1
            row, column = (min(max(a + b, 0), last) for a, b in zip(self._current, steps[key], strict=True))
            self._move(row, column)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._labels:
            self.cell_chosen.emit(*self._current)
        else:
            super().keyPressEvent(event)

    def _move(self, row: int, column: int) -> None:
        self._current = (row, column)
        self._describe()
        self.update()
