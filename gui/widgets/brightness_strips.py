"""How bright the images of each class are: one hill per class over a common axis from dark to bright."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from counterpoise.gui.counts import Hills
from counterpoise.gui.texts import inspect as texts
from counterpoise.gui.theme import colours, font, px

HEAD, LEAST_ROW, LARGEST_ROW = 26, 24, 56
"""Pixels; with less room than rows need nothing is shown."""


class BrightnessStrips(QWidget):
    """Takes the room that the bars leave, and none where they need it all."""

    clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hills: Hills = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.setToolTip(texts.BRIGHTNESS_HELP)

    def show_hills(self, hills: Mapping[str, tuple[NDArray[np.float64], float]]) -> None:
        """Show ``{class: (shares of the images in steps from dark to bright, median from 0 to 1)}``."""
        self._hills = hills
        told = (f"{name}: {texts.brightness(middle)}" for name, (_, middle) in hills.items())
        self.setAccessibleName(f"{texts.BRIGHTNESS}: {', '.join(told)}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(200), 0)

    @property
    def has_room(self) -> bool:
        """Whether anything is shown."""
        return bool(self._hills) and self.height() >= px(HEAD) + len(self._hills) * px(LEAST_ROW)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self.has_room:
            return
        palette = colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        names = QFontMetrics(font(12))
        widest = max(names.horizontalAdvance(name) for name in self._hills)
        left = min(widest + px(20), max(px(90), self.width() // 3))
        room = self.width() - left - px(6)
        height = min((self.height() - px(HEAD)) / len(self._hills), px(LARGEST_ROW))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(font(12))
        painter.setPen(QColor(palette.muted))
        head = QRectF(0, 0, self.width(), px(20))
        painter.drawText(head, middle, texts.BRIGHTNESS)
        painter.drawText(QRectF(left, 0, room, px(20)), middle | Qt.AlignmentFlag.AlignRight, texts.BRIGHT)
        dark = max(left, names.horizontalAdvance(texts.BRIGHTNESS) + px(16))
        painter.drawText(QRectF(dark, 0, room, px(20)), middle, texts.DARK)
        tallest = max(float(shares.max()) for shares, _ in self._hills.values()) or 1.0
        for row, (name, (shares, half)) in enumerate(self._hills.items()):
            foot = px(HEAD) + (row + 1) * height - px(4)
            line = QRectF(0, foot - height + px(4), left, height)
            painter.setPen(QColor(palette.ink))
            painter.setFont(font(12))
            words = names.elidedText(name, Qt.TextElideMode.ElideMiddle, left - px(10))
            painter.drawText(line, middle, words)
            self._paint_hill(painter, shares / tallest, QRectF(left, line.top(), room, foot - line.top()))
            painter.setPen(QPen(QColor(palette.ink), 2))
            x = left + half * room
            painter.drawLine(QPointF(x, foot - min(height - px(6), px(12))), QPointF(x, foot))
        painter.end()

    def _paint_hill(self, painter: QPainter, heights: NDArray[np.float64], room: QRectF) -> None:
        palette = colours()
        step = room.width() / len(heights)
        points = [
            QPointF(room.left() + (i + 0.5) * step, room.bottom() - float(height) * (room.height() - px(3)))
            for i, height in enumerate(heights)
        ]
        ground = [QPointF(room.right(), room.bottom()), QPointF(room.left(), room.bottom())]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(palette.track))
        painter.drawPolygon(QPolygonF([*points, *ground]))
        painter.setPen(QPen(QColor(palette.muted), 1.3))
        painter.drawPolyline(QPolygonF(points))
        painter.setPen(QPen(QColor(palette.line), 1))
        painter.drawLine(room.bottomLeft(), room.bottomRight())

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        if self.has_room:
            self.clicked.emit()
