"""How often each value occurs in an image, with the window that is shown; its edges can be dragged."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from counterpoise.gui.texts import viewer as texts
from counterpoise.gui.theme import colours, font, px

NEAR = 10
"""Pixels from an edge within which it is taken hold of."""


class Histogram(QWidget):
    """Drag near an edge to move it, elsewhere to move the whole window. Arrows do the same."""

    window_changed = Signal(float, float)
    """Lowest and highest value shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts: NDArray[np.float64] = np.zeros(1)
        self._logarithmic = False
        self._range = (0.0, 1.0)
        self._window = (0.0, 1.0)
        self._held: str = ""
        self._from = 0.0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.SizeHorCursor)
        self.setAccessibleName(texts.HISTOGRAM)
        self.setAccessibleDescription(texts.HISTOGRAM_HELP)
        self.setToolTip(texts.HISTOGRAM_HELP)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(px(220), px(120))

    def show_counts(self, counts: NDArray[np.float64], low: float, high: float) -> None:
        """Show how many values lie in each of equal steps from ``low`` to ``high``."""
        self._counts, self._range = counts, (low, high if high > low else low + 1.0)
        self.update()

    def set_logarithmic(self, logarithmic: bool) -> None:
        """Show rare values beside a large background."""
        self._logarithmic = logarithmic
        self.update()

    def show_window(self, low: float, high: float) -> None:
        self._window = (low, high)
        self.update()

    def _x(self, value: float) -> float:
        low, high = self._range
        return 1 + (value - low) / (high - low) * (self.width() - 2)

    def _value(self, x: float) -> float:
        low, high = self._range
        return low + (x - 1) / max(self.width() - 2, 1) * (high - low)

    def paintEvent(self, _event: QPaintEvent) -> None:
        palette = colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        foot = self.height() - px(18)
        left, right = (self._x(value) for value in self._window)
        painter.fillRect(QRectF(left, 0, right - left, foot), QColor(palette.accent_weak))
        counts = np.log1p(self._counts) if self._logarithmic else np.sqrt(self._counts)
        tallest = float(counts.max()) or 1.0
        step = (self.width() - 2) / len(counts)
        for i, count in enumerate(counts):
            height = (foot - 4) * float(count) / tallest
            inside = left <= 1 + (i + 0.5) * step <= right
            painter.fillRect(
                QRectF(1 + i * step, foot - height, max(step - 0.7, 0.7), height),
                QColor(palette.plot1 if inside else palette.muted),
            )
        width = 3 if self.hasFocus() else 2
        painter.setPen(QPen(QColor(palette.accent), width))
        for x in (left, right):
            painter.drawLine(QPointF(x, 0), QPointF(x, foot))
        painter.setPen(QColor(palette.muted))
        painter.setFont(font(11))
        below = QRectF(0, foot, self.width(), px(18))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(below, middle | Qt.AlignmentFlag.AlignLeft, texts.value(self._range[0]))
        painter.drawText(below, middle | Qt.AlignmentFlag.AlignRight, texts.value(self._range[1]))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        left, right = (self._x(value) for value in self._window)
        near = min(("low", abs(x - left)), ("high", abs(x - right)), key=lambda edge: edge[1])
        self._held = near[0] if near[1] < NEAR else "both"
        self._from = self._value(x)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not self._held:
            return
        value = self._value(event.position().x())
        low, high = self._window
        if self._held == "both":
            low, high = low + value - self._from, high + value - self._from
            self._from = value
        elif self._held == "low":
            low = min(value, high - self._least())
        else:
            high = max(value, low + self._least())
        self._choose(low, high)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self._held = ""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = (self._range[1] - self._range[0]) / 50
        low, high = self._window
        moves = {
            Qt.Key.Key_Left: (-step, -step),
            Qt.Key.Key_Right: (step, step),
            Qt.Key.Key_Up: (-step, step),
            Qt.Key.Key_Down: (step, -step),
        }
        move = moves.get(Qt.Key(event.key()))
        if move is None:
            super().keyPressEvent(event)
        elif high + move[1] - (low + move[0]) >= self._least():
            self._choose(low + move[0], high + move[1])

    def _least(self) -> float:
        return (self._range[1] - self._range[0]) / 200

    def _choose(self, low: float, high: float) -> None:
        self.show_window(low, high)
        self.window_changed.emit(low, high)
