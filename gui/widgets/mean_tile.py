"""Mean image and standard deviation of a class side by side, as a button."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from counterpoise.core.catalog.distributions.pictures import Pictures
from counterpoise.core.catalog.distributions.words import MEAN, SPREAD
from counterpoise.gui.texts import distributions as texts
from counterpoise.gui.theme import colours, font, px
from counterpoise.gui.thumbnails import to_image
from counterpoise.gui.widgets.class_sign import draw_sign

GAP, HEAD, FOOT = 6, 24, 18


class MeanTile(QAbstractButton):
    """Sign and name above, the two pictures, and what they are below; ``own``: in a window of their own."""

    def __init__(
        self, pictures: Pictures, number: int, side: int, parent: QWidget | None = None, *, own: bool = False
    ) -> None:
        super().__init__(parent)
        self._label, self._number, self._side = pictures.labels[number], number, side
        self._room = 10_000
        self._images = tuple(
            to_image(shown(number, own=own)) for shown in (pictures.shown_mean, pictures.shown_spread)
        )
        words = texts.tile(self._label, pictures.images[number])
        self.setToolTip(words)
        self.setAccessibleName(words)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    @property
    def images(self) -> tuple[QImage, ...]:
        """Mean and standard deviation, as they are shown."""
        return self._images

    def fit(self, room: int) -> None:
        """Take at most so many pixels of width."""
        self._room = room
        self.updateGeometry()

    def _picture(self) -> QSize:
        side = max(min(px(self._side), (self._room - px(GAP) - 8) // 2), px(40))
        size = self._images[0].size().scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio)
        return QSize(max(size.width(), 1), max(size.height(), 1))

    def sizeHint(self) -> QSize:
        size = self._picture()
        return QSize(2 * size.width() + px(GAP) + 8, size.height() + px(HEAD) + px(FOOT) + 8)

    def minimumSizeHint(self) -> QSize:
        return QSize(px(100), self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        palette, size = colours(), self._picture()
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        draw_sign(painter, self._number, QPointF(4 + px(6), 4 + px(10)), px(5.5))
        painter.setPen(QColor(palette.ink))
        painter.setFont(font(13, 600))
        room = self.width() - px(22) - 4
        words = QFontMetrics(font(13, 600)).elidedText(self._label, Qt.TextElideMode.ElideMiddle, room)
        painter.drawText(QRectF(4 + px(18), 4, room, px(20)), Qt.AlignmentFlag.AlignVCenter, words)
        painter.setFont(font(11))
        painter.setPen(QColor(palette.muted))
        for place, (image, below) in enumerate(zip(self._images, (MEAN, SPREAD), strict=True)):
            x = 4 + place * (size.width() + px(GAP))
            painter.drawImage(QRectF(x, 4 + px(HEAD), size.width(), size.height()), image)
            under = QRectF(x, 4 + px(HEAD) + size.height() + 1, size.width() + px(GAP), px(FOOT))
            painter.drawText(under, Qt.AlignmentFlag.AlignVCenter, below)
        if self.hasFocus() or self.underMouse():
            painter.setPen(QPen(QColor(palette.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        painter.end()
