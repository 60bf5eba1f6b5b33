"""How many patients have how many images, as bars."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from counterpoise.core.catalog.patients import Bar
from counterpoise.gui.texts import patients as texts
from counterpoise.gui.theme import colours, font, px

HEIGHT, WIDEST, LINE = 118, 74, 18


class PatientBars(QWidget):
    """Each bar with the number of patients above it and the images of each below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bars: Sequence[Bar] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(texts.PER_PATIENT)

    def show_bars(self, bars: Sequence[Bar]) -> None:
        self._bars = bars
        self.setAccessibleDescription("; ".join(texts.bar(b.low, b.high, b.patients) for b in bars))
        self.setVisible(bool(bars))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(240), px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(200), px(HEIGHT))

    def _step(self) -> float:
        return min(self.width() / max(len(self._bars), 1), px(WIDEST))

    def paintEvent(self, _event: QPaintEvent) -> None:
        palette, step = colours(), self._step()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(12))
        foot, top = self.height() - px(LINE), px(LINE)
        tallest = max((bar.patients for bar in self._bars), default=0) or 1
        centre = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter
        for place, bar in enumerate(self._bars):
            height = (foot - top) * bar.patients / tallest
            left = place * step
            painter.setPen(QColor(palette.line))
            painter.drawLine(int(left), foot, int(left + step), foot)
            if bar.patients:
                room = QRectF(left + step * 0.15, foot - max(height, 1.5), step * 0.7, max(height, 1.5))
                painter.fillRect(room, QColor(palette.plot1))
                painter.setPen(QColor(palette.ink))
                above = QRectF(left, foot - height - top, step, top)
                painter.drawText(above, centre, f"{bar.patients:,}")
            painter.setPen(QColor(palette.muted))
            painter.drawText(QRectF(left, foot, step, px(LINE)), centre, texts.span(bar.low, bar.high))
        painter.end()

    def event(self, event) -> bool:  # type: ignore[no-untyped-def]  # Qt's own signature
        if isinstance(event, QHelpEvent):
            place = int(event.pos().x() / self._step())
            if place < len(self._bars):
                bar = self._bars[place]
                QToolTip.showText(event.globalPos(), texts.bar(bar.low, bar.high, bar.patients), self)
            return True
        return super().event(event)
