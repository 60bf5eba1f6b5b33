"""One image, large: zoom, pan, window and level, and the value under the pointer."""

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from counterpoise.gui.picture import Picture, Pixels, windowed
from counterpoise.gui.texts import viewer as texts
from counterpoise.gui.theme import colours, font, px
from counterpoise.gui.thumbnails import to_image

LARGEST_ZOOM = 64.0
SINGLE_PIXELS = 4.0
"""Zoom from which single pixels are meant to be seen, sharp-edged."""
KEY_STEP = 0.05
"""Part of the window's width, or of the view, by which a key moves."""
Bounds = tuple[int, int, int, int, int]


class Place(NamedTuple):
    """Which part of an image is seen, whatever its size: the middle (0 to 1), the zoom against fitting."""

    x: float = 0.5
    y: float = 0.5
    zoom: float = 1.0


class ImageView(QWidget):
    """Wheel zooms at the pointer, drag moves, drag with the right button (or Shift) changes the window."""

    window_changed = Signal(float, float)
    """The user chose another lowest and highest value."""
    place_changed = Signal()
    """The user zoomed or moved; ``place`` says where to."""
    zoom_changed = Signal()
    """``zoom`` is another, whoever changed it: the user, a linked view, another size of this view."""

    def __init__(self, parent: QWidget | None = None, *, windows: bool = True) -> None:
        super().__init__(parent)
        self._picture: Picture | None = None
        self._words_at: Callable[[int, int], str] | None = None
        self._rendered: tuple[Bounds, tuple[float, float], bool] | None = None
        self._image, self._covers = QImage(), QRectF()
        self._can_window = windows
        self._window = (0.0, 1.0)
        self._inverted = False
        self._zoom, self._fits = 1.0, True
        self._centre = QPointF(0.5, 0.5)
        self._drag = QPointF()
        self._pointer: QPointF | None = None
        self._words = ""
        self._caption = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(200, 200)
        self.setAccessibleDescription(texts.IMAGE_HELP)

    # ---- what is shown

    def show_words(self, words: str) -> None:
        """Show words instead of an image."""
        self._picture, self._words, self._words_at = None, words, None
        self._rendered, self._image = None, QImage()
        self.update()

    def show_picture(
        self,
        picture: Picture,
        low: float,
        high: float,
        *,
        keep_place: bool = False,
        words_at: Callable[[int, int], str] | None = None,
    ) -> None:
        """Show a picture with a window; fitted into the view, or (``keep_place``) where the one before was.

        ``words_at`` says what stands at a column and row.
        """
        place = self.place
        self._picture, self._words, self._words_at = picture, "", words_at
        self._rendered, self._window = None, (low, high)
        if keep_place:
            self.set_place(place)
        else:
            self.fit()

    def show_pixels(self, pixels: Pixels, low: float, high: float) -> None:
        """Show ``[h, w]`` or ``[h, w, 3]`` values of a small image with a window, fitted into the view."""
        self.show_picture(Picture.of(pixels), low, high)

    def set_caption(self, words: str) -> None:
        """Write over the top left corner what the picture is."""
        self._caption = words
        self.update()

    @property
    def picture(self) -> Picture | None:
        return self._picture

    @property
    def window_range(self) -> tuple[float, float]:
        return self._window

    def show_window(self, low: float, high: float) -> None:
        """Show values from ``low`` (black) to ``high`` (white)."""
        self._window = (low, high)
        self.update()

    def set_inverted(self, inverted: bool) -> None:
        """Swap black and white."""
        self._inverted = inverted
        self.update()

    # ---- zoom

    @property
    def place(self) -> Place:
        picture = self._picture
        if picture is None or self._fits:
            return Place()
        return Place(
            self._centre.x() / picture.width, self._centre.y() / picture.height, self._zoom / self._fitting()
        )

    def set_place(self, place: Place) -> None:
        """Show the same part as another view does, without a signal."""
        picture = self._picture
        self._fits = place == Place()
        if picture is not None:
            self._zoom = self._fitting() * place.zoom
            self._centre = QPointF(place.x * picture.width, place.y * picture.height)
        self.update()
        self.zoom_changed.emit()

    @property
    def zoom(self) -> float:
        """Pixels of the screen per pixel of the image."""
        return self._zoom * self.devicePixelRatioF()

    def fit(self) -> None:
        """Show the whole image."""
        self.set_place(Place())
        self.place_changed.emit()

    def real_size(self) -> None:
        """Show one pixel of the image as one of the screen."""
        self.zoom_to(1.0 / self.devicePixelRatioF())

    def zoom_to(self, zoom: float, at: QPointF | None = None) -> None:
        """Zoom so that the point ``at`` of the view (default: its middle) stays where it is."""
        if self._picture is None:
            return
        fitting = self._fitting()
        zoom = min(max(zoom, min(fitting, 1.0)), max(LARGEST_ZOOM, fitting))
        middle = QRectF(self.rect()).center()
        away = (at or middle) - middle
        self._centre += away / self._zoom - away / zoom
        self._zoom, self._fits = zoom, False
        self._moved()
        self.zoom_changed.emit()

    def _move_by(self, x: float, y: float) -> None:
        """Move the picture under the view, in pixels of the view."""
        self._centre -= QPointF(x, y) / self._zoom
        self._fits = False
        self._moved()

    def _moved(self) -> None:
        picture = self._picture
        if picture is not None:  # the middle of the view stays on the image: it can't get lost
            x = min(max(self._centre.x(), 0.0), picture.width)
            y = min(max(self._centre.y(), 0.0), picture.height)
            self._centre = QPointF(x, y)
        self.update()
        self.place_changed.emit()

    def _fitting(self) -> float:
        if self._picture is None:
            return 1.0
        return min(self.width() / self._picture.width, self.height() / self._picture.height)

    def target(self) -> QRectF:
        """Return where the image is drawn; empty without one."""
        if self._picture is None:
            return QRectF()
        corner = QRectF(self.rect()).center() - self._centre * self._zoom
        size = QPointF(self._picture.width, self._picture.height) * self._zoom
        return QRectF(corner, corner + size)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._fits:
            self.set_place(Place())

    # ---- painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor("#000000"))
        if self._picture is None:
            painter.setPen(QColor("#B8C4CE"))
            painter.setFont(font(14))
            room = self.rect().adjusted(24, 24, -24, -24)
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(room, int(flags), self._words)
        else:
            self._render(self._picture)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self._is_smooth(self._picture))
            corner = self.target().topLeft()
            shown = QRectF(corner + self._covers.topLeft() * self._zoom, self._covers.size() * self._zoom)
            painter.drawImage(shown, self._image)
            self._write(painter, self._caption, top=True)
            self._write(painter, self._pointed(), top=False)
        if self.hasFocus():
            painter.setPen(QColor(colours().accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def _is_smooth(self, picture: Picture) -> bool:
        # What is stretched (as the network sees it) shows its true pixels.
        return self.zoom < SINGLE_PIXELS and max(picture.stretch) <= 1

    def _render(self, picture: Picture) -> None:
        """Window what is seen of the picture, where that is another part or window than before."""
        seen = self.target().intersected(QRectF(self.rect()))
        corner, scale = self.target().topLeft(), self._zoom
        bounds = picture.region(
            self.zoom,
            (seen.left() - corner.x()) / scale,
            (seen.top() - corner.y()) / scale,
            (seen.right() - corner.x()) / scale,
            (seen.bottom() - corner.y()) / scale,
        )
        if bounds is None:
            self._rendered, self._image, self._covers = None, QImage(), QRectF()
            return
        wanted = (bounds, self._window, self._inverted)
        if wanted != self._rendered:
            region = picture.cut(*bounds)
            self._image = to_image(windowed(region.pixels, *self._window, inverted=self._inverted))
            self._covers = QRectF(region.x, region.y, region.width, region.height)
            self._rendered = wanted

    def _write(self, painter: QPainter, words: str, *, top: bool) -> None:
        if not words:
            return
        painter.setFont(font(12))
        metrics = painter.fontMetrics()
        words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, self.width() - px(28))
        room = QRectF(0, 0, metrics.horizontalAdvance(words) + px(14), metrics.height() + px(8))
        room.moveTopLeft(QPointF(px(6), px(6) if top else self.height() - room.height() - px(6)))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, 170))
        painter.drawRoundedRect(room, 5, 5)
        painter.setPen(QColor("#E7EDF2"))
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, words)

    def _pointed(self) -> str:
        if self._pointer is None or self._picture is None or self._words_at is None:
            return ""
        at = (self._pointer - self.target().topLeft()) / self._zoom
        pixel = self._picture.pixel_at(at.x(), at.y())
        return self._words_at(*pixel) if pixel else ""

    # ---- mouse and keys

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.zoom_to(self._zoom * 1.0015 ** event.angleDelta().y(), event.position())

    def event(self, event: QEvent) -> bool:
        pinch = Qt.NativeGestureType.ZoomNativeGesture  # two fingers on a touch-pad
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == pinch:
            self.zoom_to(self._zoom * (1 + event.value()), event.position())
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._drag = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        moved = event.position() - self._drag
        self._drag = self._pointer = event.position()
        left = bool(event.buttons() & Qt.MouseButton.LeftButton)
        shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.buttons() & Qt.MouseButton.RightButton or (left and shifted):
            self._turn(1.01 ** moved.x(), moved.y() / 200)
        elif left:
            self._move_by(moved.x(), moved.y())
        else:
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._pointer = None
        self.update()

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        self.fit()

    def _turn(self, widen: float, shift: float) -> None:
        """Make the window wider by a factor and move it by a part of its width."""
        if self._picture is None or not self._can_window:
            return
        low, high = self._window
        width, centre = max((high - low) * widen, 1e-6), (low + high) / 2
        centre += shift * width
        self.show_window(centre - width / 2, centre + width / 2)
        self.window_changed.emit(*self._window)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, with_ = event.key(), event.modifiers()
        across = (key == Qt.Key.Key_Right) - (key == Qt.Key.Key_Left)
        down = (key == Qt.Key.Key_Down) - (key == Qt.Key.Key_Up)
        if (across or down) and with_ & Qt.KeyboardModifier.ShiftModifier:
            self._turn((1 + KEY_STEP) ** across, -down * KEY_STEP)
        elif (across or down) and with_ & Qt.KeyboardModifier.ControlModifier:
            self._move_by(-across * self.width() * KEY_STEP, -down * self.height() * KEY_STEP)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_to(self._zoom * 1.25)
        elif key == Qt.Key.Key_Minus:
            self.zoom_to(self._zoom / 1.25)
        elif key == Qt.Key.Key_0:
            self.fit()
        else:
            super().keyPressEvent(event)
