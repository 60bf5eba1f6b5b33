"""Width and height of the images as signs, by class."""

import math

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from counterpoise.core.catalog.distributions.sizes import SizePoint, Sizes
from counterpoise.core.report.curves import Axis, nice_ticks
from counterpoise.gui.texts import distributions as texts
from counterpoise.gui.theme import colours, font, px
from counterpoise.gui.widgets.class_sign import draw_sign

SMALLEST, LARGEST = 3.5, 13.0
"""Radius of a sign for one image, and for the most."""


class SizeScatter(QWidget):
    """Signs whose area grows with the number of images; a class can be brought out."""

    point_asked = Signal(object)
    """The SizePoint whose images are wanted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sizes = Sizes(())
        self._labels: tuple[str, ...] = ()
        self._number: dict[str, int] = {}
        self._only = -1
        self._current: SizePoint | None = None
        """The one that the arrow keys have come to."""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setMouseTracking(True)
        self.setAccessibleName(texts.SIZES_NAME)
        self.setAccessibleDescription(texts.SIZES_HELP)

    def show_sizes(self, sizes: Sizes, labels: tuple[str, ...]) -> None:
        """Show these points."""
        self._sizes, self._labels, self._only, self._current = sizes, labels, -1, None
        self._number = {label: number for number, label in enumerate(labels)}
        self.update()

    def bring_out(self, number: int) -> None:
        """Show one class in colour and the others as outlines; -1 shows all."""
        self._only = number
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(300), px(270))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(240), px(270))

    def axes(self) -> tuple[Axis, Axis, list[float], list[float]]:
        """Return axes of width and height, and their ticks."""
        wide, high = (nice_ticks(*span) for span in self._sizes.spans)
        across = Axis(wide[0], wide[-1], px(56), self.width() - px(18))
        up = Axis(high[0], high[-1], self.height() - px(40), px(26))
        return across, up, wide, high

    def placed(self) -> list[tuple[SizePoint, QPointF, float]]:
        """Return each point with its place and radius, in the order of painting."""
        across, up, *_ = self.axes()
        most = max((point.images for point in self._sizes.points), default=1)
        found = [
            (
                point,
                QPointF(across.at(point.width), up.at(point.height)),
                px(1) * max(SMALLEST, LARGEST * math.sqrt(point.images / most)),
            )
            for point in self._sizes.points
        ]
        if self._only < 0:
            return found
        return sorted(found, key=lambda one: self._number[one[0].label] == self._only)

    def paintEvent(self, event: QPaintEvent) -> None:
        exposed = QRectF(event.rect()).adjusted(-px(20), -px(20), px(20), px(20))
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_axes(painter)
        for point, place, radius in self.placed():
            if not exposed.contains(place):  # while scrolling a strip is painted at a time
                continue
            number = self._number[point.label]
            painter.setOpacity(0.85)
            draw_sign(painter, number, place, radius, faint=self._only not in (-1, number))
            if point == self._current and self.hasFocus():
                painter.setOpacity(1)
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(QColor(colours().accent), 2))
                painter.drawEllipse(place, radius + 4, radius + 4)
        painter.end()

    def _draw_axes(self, painter: QPainter) -> None:
        palette = colours()
        across, up, wide, high = self.axes()
        painter.setFont(font(11))
        for tick in wide:
            painter.setPen(QPen(QColor(palette.line), 1))
            painter.drawLine(QPointF(across.at(tick), up.start), QPointF(across.at(tick), up.end))
            painter.setPen(QColor(palette.muted))
            room = QRectF(across.at(tick) - px(40), up.start + px(3), px(80), px(16))
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, f"{tick:,.6g}")
        for tick in high:
            painter.setPen(QPen(QColor(palette.line), 1))
            painter.drawLine(QPointF(across.start, up.at(tick)), QPointF(across.end, up.at(tick)))
            painter.setPen(QColor(palette.muted))
            room = QRectF(0, up.at(tick) - px(8), across.start - px(6), px(16))
            painter.drawText(
                room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{tick:,.6g}"
            )
        room = QRectF(across.start, up.start + px(20), across.end - across.start, px(18))
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, texts.WIDTH)
        painter.drawText(QRectF(0, 0, px(200), px(16)), Qt.AlignmentFlag.AlignLeft, texts.HEIGHT)

    def point_at(self, place: QPointF) -> SizePoint | None:
        """Return the point under the pointer, the one painted last where several are."""
        for point, centre, radius in reversed(self.placed()):
            away = centre - place
            if math.hypot(away.x(), away.y()) <= radius + 2:
                return point
        return None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        point = self.point_at(event.position())
        if point is not None and event.button() == Qt.MouseButton.LeftButton:
            self.point_asked.emit(point)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        points = sorted(self._sizes.points, key=lambda p: (self._number[p.label], p.width, p.height))
        moves = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}
        key = Qt.Key(event.key())
        if key in moves and points:
            now = points.index(self._current) if self._current in points else -1
            self._current = points[min(max(now + moves[key], 0), len(points) - 1)]
            self.setAccessibleDescription(self._words(self._current))
            place = next(place for point, place, _ in self.placed() if point == self._current)
            QToolTip.showText(self.mapToGlobal(place.toPoint()), self._words(self._current), self)
            self.update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._current is not None:
            self.point_asked.emit(self._current)
        else:
            super().keyPressEvent(event)

    def _words(self, point: SizePoint) -> str:
        return texts.point(point.label, point.width, point.height, point.images, self._sizes.step)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = self.point_at(event.position()) is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            point = self.point_at(QPointF(event.pos()))
            if point is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), self._words(point), self)
            return True
        return super().event(event)
