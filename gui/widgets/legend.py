"""Names beside short strokes of their colours."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from counterpoise.gui.theme import colours, font
from counterpoise.gui.widgets.painting import tone

STROKE, GAP = 14, 6


class Legend(QWidget):
    """One row of strokes and names; tones are names of the palette's colours."""

    def __init__(self, entries: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries = tuple(entries)
        self.setAccessibleName(", ".join(words for _, words in entries))

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(font(12))
        width = sum(STROKE + GAP + metrics.horizontalAdvance(words) + 16 for _, words in self._entries)
        return QSize(width, metrics.height() + 4)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        palette = colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(12))
        metrics, x, middle = QFontMetrics(font(12)), 0.0, self.height() / 2
        for name, words in self._entries:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tone(name)))
            painter.drawRoundedRect(QRectF(x, middle - 1.5, STROKE, 3), 1.5, 1.5)
            x += STROKE + GAP
            painter.setPen(QColor(palette.muted))
            width = metrics.horizontalAdvance(words)
            painter.drawText(QRectF(x, 0, width + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, words)
            x += width + 16
