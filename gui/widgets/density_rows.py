"""The grey values of each class as a curve in a row of its own, the other classes outlined behind it."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QTransform,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from counterpoise.core.catalog.distributions.pictures import Pictures
from counterpoise.core.report.curves import Axis, nice_ticks
from counterpoise.gui.texts import distributions as texts
from counterpoise.gui.theme import colours, font, px
from counterpoise.gui.widgets.class_sign import colour_of, draw_sign

NEAR = 4
"""Pixels around the pointer within which dots are meant."""
AXIS = 36
"""Height of numbers and words below the rows."""
DOTS = 9
"""Height of the strip of dots below a curve."""
Dots = Sequence[Sequence[float]]


class DensityRows(QWidget):
    """One row per class: sign and name, curve, and a dot for the mean of each image of the sample."""

    class_asked = Signal(int)
    """Number of a class whose images are wanted."""
    value_asked = Signal(int, float, float)
    """Class, and the two means between which its images are wanted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pictures: Pictures | None = None
        self._dots: Dots = ()
        self._words = ""
        self._curves: list[QPolygonF] = []
        """Of each class, in grey values and heights."""
        self._behind: list[list[QPolygonF]] = []
        self.current = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(texts.ROWS_NAME)
        self.setAccessibleDescription(texts.ROWS_HELP)

    def show_pictures(self, pictures: Pictures, dots: Dots, words: str) -> None:
        """Show curves with ``dots`` (means by class) over an axis with ``words``."""
        self._pictures, self._dots, self._words = pictures, dots, words
        centres = ((pictures.edges[1:] + pictures.edges[:-1]) / 2).tolist()

        def curve(heights: Sequence[float]) -> QPolygonF:
            return QPolygonF([QPointF(x, y) for x, y in zip(centres, heights, strict=True)])

        numbers = range(len(pictures.labels))
        self._curves = [curve(heights) for heights in pictures.heights.tolist()]
        self._behind = [[curve(heights) for heights in pictures.behind(n).tolist()] for n in numbers]
        self.current = min(self.current, max(len(pictures.labels) - 1, 0))
        self.setMinimumHeight(self.sizeHint().height())
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        rows = len(self._pictures.labels) if self._pictures else 2
        return QSize(px(300), rows * self._row_height() + px(AXIS))

    def _row_height(self) -> int:
        rows = len(self._pictures.labels) if self._pictures else 2
        return px(104) if rows <= 3 else px(76) if rows <= 6 else px(50)

    def _left(self) -> int:
        names = self._pictures.labels if self._pictures else ()
        metrics = QFontMetrics(font(13, 600))
        widest = max((metrics.horizontalAdvance(name) for name in names), default=0)
        return min(px(24) + widest + px(12), max(px(90), self.width() // 3))

    def axis(self) -> Axis:
        """Return how grey values lie on the width."""
        edges = self._pictures.edges if self._pictures else (0.0, 1.0)
        return Axis(float(edges[0]), float(edges[-1]), self._left(), self.width() - px(10))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._pictures is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        axis, height = self.axis(), self._row_height()
        self._draw_axis(painter, axis)
        for number in range(len(self._pictures.labels)):
            row = QRectF(0, number * height, self.width(), height)
            if row.intersects(QRectF(event.rect())):
                self._draw_row(painter, number, row, axis)
        painter.end()

    def _draw_axis(self, painter: QPainter, axis: Axis) -> None:
        palette = colours()
        painter.setFont(font(11))
        bottom = len(self._pictures.labels) * self._row_height() if self._pictures else 0
        metrics = painter.fontMetrics()
        for tick in nice_ticks(axis.low, axis.high):
            if not axis.low <= tick <= axis.high:
                continue
            x = axis.at(tick)
            painter.setPen(QPen(QColor(palette.line), 1))
            painter.drawLine(QPointF(x, 0), QPointF(x, bottom))
            painter.setPen(QColor(palette.muted))
            words = f"{tick:,.6g}"
            wide = metrics.horizontalAdvance(words)
            place = min(x - wide / 2, self.width() - wide)
            painter.drawText(QPointF(place, bottom + metrics.ascent() + px(2)), words)
        painter.setPen(QColor(palette.muted))
        room = QRectF(axis.start, bottom + px(17), axis.end - axis.start, px(18))
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, self._words)

    def _draw_row(self, painter: QPainter, number: int, row: QRectF, axis: Axis) -> None:
        assert self._pictures is not None
        palette = colours()
        ground = row.bottom() - px(DOTS) - px(4)
        tall = row.height() - px(DOTS) - px(12)
        across = (axis.end - axis.start) / (axis.high - axis.low)
        place = QTransform(across, 0, 0, -tall, axis.start - axis.low * across, ground)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(palette.muted), 0.8))
        painter.setOpacity(0.45)
        for curve in self._behind[number]:
            painter.drawPolyline(place.map(curve))
        painter.setOpacity(1)
        colour = colour_of(number)
        if self._pictures.images[number]:
            own = place.map(self._curves[number])
            filled = QColor(colour)
            filled.setAlpha(45)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(filled)
            area = QPolygonF(own)
            area.append(QPointF(own.last().x(), ground))
            area.append(QPointF(own.first().x(), ground))
            painter.drawPolygon(area)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colour, 2))
            painter.drawPolyline(own)
        self._draw_dots(painter, number, row, axis)
        painter.setPen(QPen(QColor(palette.line), 1))
        painter.drawLine(QPointF(axis.start, row.bottom()), QPointF(axis.end, row.bottom()))
        draw_sign(painter, number, QPointF(px(8), row.center().y()), px(6))
        painter.setPen(QColor(palette.ink))
        painter.setFont(font(13, 600))
        room = QRectF(px(20), row.top(), axis.start - px(28), row.height())
        words = painter.fontMetrics().elidedText(
            self._pictures.labels[number], Qt.TextElideMode.ElideMiddle, int(room.width())
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)
        if self.hasFocus() and number == self.current:
            painter.setPen(QPen(QColor(palette.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(row.adjusted(1, 2, -1, -2), 6, 6)

    def _draw_dots(self, painter: QPainter, number: int, row: QRectF, axis: Axis) -> None:
        colour = colour_of(number)
        colour.setAlpha(110)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        height = row.bottom() - px(DOTS) / 2 - px(1)
        for place, value in enumerate(self._dots[number]):
            shift = (place % 3 - 1) * px(2)  # dots of one mean don't hide each other
            x = min(max(axis.at(value), axis.start), axis.end)
            painter.drawEllipse(QPointF(x, height + shift), 2.2, 2.2)

    # ---- pointer and keys

    def _row_at(self, y: float) -> int | None:
        rows = len(self._pictures.labels) if self._pictures else 0
        number = int(y // self._row_height())
        return number if 0 <= number < rows else None

    def _values_at(self, number: int, place: QPointF) -> tuple[float, float] | None:
        """Return the means that the pointer means, where it is over dots."""
        axis = self.axis()
        if place.y() < (number + 1) * self._row_height() - px(DOTS) - px(5) or place.x() < axis.start:
            return None
        per_pixel = (axis.high - axis.low) / max(axis.end - axis.start, 1)
        value = axis.low + (place.x() - axis.start) * per_pixel
        low, high = value - NEAR * per_pixel, value + NEAR * per_pixel
        return (low, high) if any(low <= dot <= high for dot in self._dots[number]) else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        number = self._row_at(event.position().y())
        if number is None or event.button() != Qt.MouseButton.LeftButton:
            return
        self.current = number
        values = self._values_at(number, event.position())
        if values is None:
            self.class_asked.emit(number)
        else:
            self.value_asked.emit(number, *values)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = self._row_at(event.position().y()) is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last = len(self._pictures.labels) - 1 if self._pictures else -1
        goals = {Qt.Key.Key_Up: max(self.current - 1, 0), Qt.Key.Key_Down: min(self.current + 1, last)}
        key = Qt.Key(event.key())
        if key in goals and last >= 0:
            self.current = goals[key]
            self.update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and last >= 0:
            self.class_asked.emit(self.current)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and self._pictures is not None:
            number = self._row_at(event.pos().y())
            if number is not None:
                words = texts.row(self._pictures.labels[number], self._pictures.images[number])
                QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)
