"""A file format as a card that can be ticked."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from counterpoise.gui.theme import colours, font, px
from counterpoise.gui.widgets.choices import ChoiceCard

TICK = 16


class FormatCard(ChoiceCard):
    """A choice card with a tick in its corner, since several may be chosen, and the file's ending."""

    def __init__(self, title: str, text: str, ending: str, parent: QWidget | None = None) -> None:
        super().__init__(title, text, parent)
        self._ending = ending

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        palette = colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = px(TICK)
        box = QRectF(self.width() - side - 12, px(13), side, side)
        painter.setPen(QPen(QColor(palette.accent if self.isChecked() else palette.muted), 1.2))
        painter.setBrush(QColor(palette.accent) if self.isChecked() else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, 4, 4)
        if self.isChecked():
            painter.setPen(QPen(QColor(palette.on_accent), 2))
            a, b = box.topLeft(), side / 16
            painter.drawPolyline(
                [
                    a + QPointF(3.5 * b, 8.5 * b),
                    a + QPointF(6.8 * b, 11.5 * b),
                    a + QPointF(12.5 * b, 4.8 * b),
                ]
            )
        painter.setPen(QColor(palette.muted))
        painter.setFont(font(12))
        words = QRectF(0, px(13), box.left() - 8, side)
        painter.drawText(words, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._ending)
        painter.end()
