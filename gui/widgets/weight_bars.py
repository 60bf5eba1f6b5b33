"""What each class counts: its number of images and its weight, side by side."""

from collections.abc import Mapping

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from counterpoise.gui.texts import balance as texts
from counterpoise.gui.theme import colours, font, px
from counterpoise.gui.widgets.painting import BOLD

ROW, BAR = 46, 14
COMPACT_ROW, COMPACT_BAR = 26, 9
COMPACT_FROM = 6
"""With this many classes the rows move closer together."""


class WeightBars(QWidget):
    """Two bars per class; a weight that can't be drawn (zero, negative, not a number) is written in words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts: dict[str, int] = {}
        self._weights: dict[str, float] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    def set_values(self, counts: Mapping[str, int], weights: Mapping[str, float]) -> None:
        """Show training images per class and the final weights."""
        self._counts, self._weights = dict(counts), dict(weights)
        self.setAccessibleName(texts.BARS_NAME)
        self.setAccessibleDescription(
            "; ".join(texts.bar_words(c, n, self._weights.get(c)) for c, n in self._counts.items())
        )
        self.updateGeometry()
        self.update()

    def _row(self) -> tuple[int, int]:
        row, bar = (COMPACT_ROW, COMPACT_BAR) if self._compact else (ROW, BAR)
        return px(row), px(bar)

    @property
    def _compact(self) -> bool:
        return len(self._counts) >= COMPACT_FROM

    def sizeHint(self) -> QSize:
        return QSize(420, max(1, len(self._counts)) * self._row()[0] + 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(280, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        palette = colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        row, bar = self._row()
        name_font, small = font(12 if self._compact else 14, BOLD), font(11 if self._compact else 12)
        names = QFontMetrics(name_font)
        left = min(
            max((names.horizontalAdvance(n) for n in self._counts), default=60) + 20, self.width() // 3
        )
        room = self.width() - left - QFontMetrics(small).horizontalAdvance(texts.images(1_000_000)) - 12
        most = max(self._counts.values(), default=1) or 1
        heaviest = max((w for w in self._weights.values() if w == w and w < float("inf")), default=1.0) or 1.0
        for index, (name, number) in enumerate(self._counts.items()):
            top = index * row + 2
            painter.setFont(name_font)
            painter.setPen(QColor(palette.ink))
            elided = names.elidedText(name, Qt.TextElideMode.ElideRight, left - 10)
            painter.drawText(QRectF(0, top, left - 8, 2 * bar + 4), Qt.AlignmentFlag.AlignVCenter, elided)
            painter.setFont(small)
            self._bar(painter, left, top, bar, room * number / most, QColor(palette.track))
            painter.setPen(QColor(palette.muted))
            words = QRectF(left + room * number / most + 8, top, 220, bar)
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, texts.images(number))
            weight = self._weights.get(name)
            drawable = weight is not None and weight == weight and 0 <= weight < float("inf")
            length = room * weight / heaviest if drawable and weight else 0.0
            below = top + bar + 3
            self._bar(painter, left, below, bar, length, QColor(palette.plots[0]))
            painter.setPen(QColor(palette.ink if drawable else palette.blocker))
            words = QRectF(left + length + 8, below, 260, bar)
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, texts.counts(weight))

    @staticmethod
    def _bar(
        painter: QPainter, left: float, top: float, height: float, length: float, colour: QColor
    ) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawRoundedRect(QRectF(left, top, max(length, 2.0), height), 3, 3)
