"""A hundred dots: a share as a picture of people, with its likely range as a fading edge."""

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from counterpoise.gui.theme import colours, font
from counterpoise.gui.widgets.painting import laid, tone

DOTS = 100


@dataclass(frozen=True)
class Share:
    """``value`` of 100, likely between ``low`` and ``high`` (whole numbers, 0 to 100)."""

    value: int
    low: int
    high: int
    label: str
    tone: Literal["plot1", "plot2", "plot3"] = "plot1"

    def strength(self, dot: int) -> float:
        """Return how full a dot (0 to 99) is: 1 certain, 0 empty, between in the likely range."""
        if dot < self.value:
            return 1.0 if dot < self.low else 0.72
        return 0.3 if dot < self.high else 0.0


class IconArray(QWidget):
    """Paints one hundred dots of a share; rows and columns follow the width."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._share = Share(0, 0, 0, "")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    @property
    def share(self) -> Share:
        return self._share

    def set_share(self, share: Share) -> None:
        self._share = share
        self.setAccessibleName(f"{share.label}: {share.value} of {DOTS}")
        self.setToolTip(f"{share.label}: {share.value} of {DOTS}, likely {share.low} to {share.high}")
        self.update()

    def _columns(self) -> int:
        return 25 if self.width() >= 25 * 15 else 20 if self.width() >= 20 * 12 else 10

    def sizeHint(self) -> QSize:
        return QSize(320, 96)

    def minimumSizeHint(self) -> QSize:
        return QSize(180, 84)

    def paintEvent(self, _event: QPaintEvent) -> None:
        palette = colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        label_height = round(self.fontMetrics().height() * 1.4) if self._share.label else 0
        columns = self._columns()
        rows = DOTS // columns
        pitch = min(self.width() / columns, (self.height() - label_height) / rows, 22.0)
        radius = pitch * 0.36
        colour = tone(self._share.tone)
        for dot in range(DOTS):
            row, column = divmod(dot, columns)
            centre = QPointF((column + 0.5) * pitch, (row + 0.5) * pitch)
            painter.setPen(QPen(laid(colour, palette.surface, 0.85), 1.2))
            strength = self._share.strength(dot)
            painter.setBrush(laid(colour, palette.surface, strength) if strength else Qt.BrushStyle.NoBrush)
            painter.drawEllipse(centre, radius, radius)
        if self._share.label:
            painter.setFont(font(12))
            painter.setPen(QPen(laid(palette.muted, palette.surface, 1.0)))
            painter.drawText(
                0,
                int(rows * pitch),
                self.width(),
                label_height,
                Qt.AlignmentFlag.AlignVCenter,
                self._share.label,
            )
