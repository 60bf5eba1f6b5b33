"""How many images each class has, by part, as bars with their numbers and shares."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFontMetrics,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from counterpoise.gui.counts import Sums, sums_of
from counterpoise.gui.texts import common
from counterpoise.gui.texts import inspect as texts
from counterpoise.gui.theme import colours, font, px

Counts = Mapping[str, Mapping[str, int]]
"""Class to part to number of images."""
PARTS = ("train", "val", "test", "")
LARGEST_ROW = 56


class ClassBars(QWidget):
    """One row per class: name, stacked bar, number and share of what is used; classes share one scale.

    What is left out stands behind the bar, hatched, and doesn't count in the number.
    """

    chosen = Signal(str, str)
    """Class and part of a bar that was clicked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts: Counts = {}
        self._sums = sums_of({})
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.setMouseTracking(True)

    def show_counts(self, counts: Counts, sums: Sums | None = None) -> None:
        """Show ``{class: {part: images}}``; the part ``""`` is what is left out.

        ``sums`` (default: all added up) is what the numbers behind the bars say.
        """
        self._counts, self._sums = counts, sums or sums_of(counts)
        rows = (f"{name}: {_in_words(parts)}" for name, parts in counts.items())
        self.setAccessibleName("; ".join(rows))
        self.setMinimumHeight(self.sizeHint().height())
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(320), max(px(40), len(self._counts) * self._least_height()))

    @property
    def heights(self) -> tuple[int, int]:
        """From which two bars are seen, and beyond which all of them gain nothing."""
        rows = len(self._counts)
        return min(rows, 2) * self._least_height(), max(px(40), rows * px(LARGEST_ROW))

    def _least_height(self) -> int:
        return px(46) if len(self._counts) <= 4 else px(34) if len(self._counts) <= 8 else px(26)

    def _row_height(self) -> int:
        room = self.height() // max(len(self._counts), 1)
        return min(max(room, self._least_height()), px(LARGEST_ROW))

    def _name_width(self) -> int:
        metrics = QFontMetrics(font(14, 600))
        widest = max((metrics.horizontalAdvance(name) for name in self._counts), default=0)
        return min(widest + px(20), max(px(90), self.width() // 3))

    def bars(self) -> list[tuple[str, str, QRectF]]:
        """Return where each bar is drawn: class, part, rectangle."""
        left = self._name_width()
        metrics = QFontMetrics(font(14))
        number_width = max((metrics.horizontalAdvance(self._number(n)) for n in self._counts), default=0)
        totals = {name: sum(parts.values()) for name, parts in self._counts.items()}
        room = max(self.width() - left - number_width - px(14), px(40))
        largest = max(totals.values(), default=0) or 1
        height = self._row_height()
        thick = min(height - px(8), px(30))
        found = []
        for row, (name, parts) in enumerate(self._counts.items()):
            x, y = float(left), row * height + (height - thick) / 2
            for part in PARTS:
                if images := parts.get(part, 0):
                    width = max(room * images / largest, 3.0)
                    found.append((name, part, QRectF(x, y, width - 2, thick)))
                    x += width
        return found

    def _number(self, name: str) -> str:
        """Return the words behind a bar."""
        return texts.bar(self._sums.classes[name], self._sums.used, self._counts[name].get("", 0))

    def paintEvent(self, _event: QPaintEvent) -> None:
        palette = colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left, height = self._name_width(), self._row_height()
        ends = dict.fromkeys(self._counts, float(left))
        for name, part, bar in self.bars():
            painter.setPen(Qt.PenStyle.NoPen)
            colour = QColor(palette.part(part))
            pattern = Qt.BrushStyle.SolidPattern if part else Qt.BrushStyle.BDiagPattern
            painter.setBrush(QBrush(colour, pattern))
            painter.drawRoundedRect(bar, 3, 3)
            ends[name] = bar.right() + 2
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        names = QFontMetrics(font(14, 600))
        for row, name in enumerate(self._counts):
            painter.setPen(QColor(palette.ink))
            painter.setFont(font(14, 600))
            words = names.elidedText(name, Qt.TextElideMode.ElideMiddle, left - px(10))
            painter.drawText(QRectF(0, row * height, left, height), middle, words)
            painter.setFont(font(14))
            room = QRectF(ends[name] + px(8), row * height, px(300), height)
            painter.drawText(room, middle, self._number(name))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for name, part, bar in self.bars():
            if bar.contains(event.position()):
                self.chosen.emit(name, part)
                return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._tell(event.position().toPoint(), event.globalPosition().toPoint())

    def event(self, event) -> bool:  # type: ignore[no-untyped-def]  # Qt's own signature
        if isinstance(event, QHelpEvent):
            self._tell(event.pos(), event.globalPos())
            return True
        return super().event(event)

    def _tell(self, position, where) -> None:  # type: ignore[no-untyped-def]  # two QPoints
        row = position.y() // self._row_height()
        names = list(self._counts)
        if 0 <= row < len(names):
            QToolTip.showText(where, f"{names[row]}: {_in_words(self._counts[names[row]])}", self)
        over = any(bar.contains(position) for _, _, bar in self.bars())
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)


class Legend(QWidget):
    """Colour and word of each part, then a remark."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: Sequence[tuple[str, str]] = ()
        self._remark = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_entries(self, entries: Sequence[tuple[str, str]], remark: str = "") -> None:
        """Show ``(part, words)`` pairs and a remark."""
        self._entries, self._remark = entries, remark
        self.setAccessibleName(", ".join([*(words for _, words in entries), remark]))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(200), self._lines(self.width())[1])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._lines(event.oldSize().width())[1] != self._lines(self.width())[1]:
            self.updateGeometry()  # else lines that break anew stay out of sight

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._lines(width)[1]

    def _lines(self, width: int) -> tuple[list[tuple[str, str, int, int]], int]:
        """Lay the entries out in lines; return (part or ".", words, x, y) and the height."""
        metrics, x, y, placed = QFontMetrics(font(12)), 0, 0, []
        entries = [*self._entries, *([(".", self._remark)] if self._remark else [])]
        for part, words in entries:
            wide = metrics.horizontalAdvance(words) + px(14 if part != "." else 0) + px(14)
            if x and x + wide > width:
                x, y = 0, y + px(18)
            placed.append((part, words, x, y))
            x += wide
        return placed, y + px(18)

    def paintEvent(self, _event: QPaintEvent) -> None:
        palette = colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(12))
        for part, words, x, y in self._lines(self.width())[0]:
            shift = 0
            if part != ".":
                painter.fillRect(QRectF(x, y + px(5), px(9), px(9)), QColor(palette.part(part)))
                shift = px(14)
            painter.setPen(QColor(palette.muted))
            middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            painter.drawText(QRectF(x + shift, y, px(600), px(18)), middle, words)
        painter.end()


def _in_words(parts: Mapping[str, int]) -> str:
    return ", ".join(f"{images:,} {common.PARTS[part]}" for part, images in parts.items() if images)
