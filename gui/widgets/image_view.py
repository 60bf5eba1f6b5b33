"""One image, large: zoom, pan, window and level."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from counterpoise.gui.texts import viewer as texts
from counterpoise.gui.theme import colours, font
from counterpoise.gui.thumbnails import to_image

LARGEST_ZOOM = 64.0


def windowed(
    pixels: NDArray[np.generic], low: float, high: float, *, inverted: bool = False
) -> NDArray[np.uint8]:
    """Map ``low`` to ``high`` onto 0 to 255, what lies outside cut off; ``[h, w]`` or ``[h, w, 3]``.

    >>> windowed(np.array([[0, 50, 100, 200]]), 0, 100).tolist()
    [[0, 128, 255, 255]]
    """
    width = max(high - low, 1e-12)
    if pixels.dtype == np.uint8 and (low, high) == (0.0, 255.0):
        shown = pixels.astype(np.uint8)
    else:
        shares = (pixels.astype(np.float32) - low) * (255.0 / width)
        shown = np.clip(np.rint(shares), 0, 255).astype(np.uint8)
    return 255 - shown if inverted else shown


class ImageView(QWidget):
    """Wheel zooms at the pointer, drag moves, drag with the right button changes window and level."""

    window_changed = Signal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pixels: NDArray[np.generic] | None = None
        self._image = QImage()
        self._window = (0.0, 1.0)
        self._inverted = False
        self._zoom, self._fits = 1.0, True
        self._centre = QPointF(0.5, 0.5)
        self._drag = QPointF()
        self._words = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(240, 240)
        self.setToolTip(texts.IMAGE_HELP)

    def show_words(self, words: str) -> None:
        """Show words instead of an image."""
        self._pixels, self._image, self._words = None, QImage(), words
        self.update()

    def show_pixels(self, pixels: NDArray[np.generic], low: float, high: float) -> None:
        """Show ``[h, w]`` or ``[h, w, 3]`` values with a window, fitted into the view."""
        self._pixels, self._words = pixels, ""
        self.show_window(low, high)
        self.fit()

    @property
    def window_range(self) -> tuple[float, float]:
        return self._window

    def show_window(self, low: float, high: float) -> None:
        """Show values from ``low`` (black) to ``high`` (white)."""
        self._window = (low, high)
        self._redraw()

    def set_inverted(self, inverted: bool) -> None:
        """Swap black and white."""
        self._inverted = inverted
        self._redraw()

    def _redraw(self) -> None:
        if self._pixels is not None:
            self._image = to_image(windowed(self._pixels, *self._window, inverted=self._inverted))
        self.update()

    # ---- zoom

    def fit(self) -> None:
        """Show the whole image."""
        self._fits, self._centre = True, QPointF(self._image.width() / 2, self._image.height() / 2)
        self._zoom = self._fitting()
        self.update()

    def real_size(self) -> None:
        """Show one pixel of the image as one of the screen."""
        self.zoom_to(1.0)

    def zoom_to(self, zoom: float, at: QPointF | None = None) -> None:
        """Zoom so that the point ``at`` of the view (default: its middle) stays where it is."""
        if self._image.isNull():
            return
        zoom = min(max(zoom, min(self._fitting(), 1.0)), LARGEST_ZOOM)
        middle = QRectF(self.rect()).center()
        away = (at or middle) - middle
        self._centre += away / self._zoom - away / zoom
        self._zoom, self._fits = zoom, False
        self.update()

    def _fitting(self) -> float:
        if self._image.isNull():
            return 1.0
        return min(self.width() / self._image.width(), self.height() / self._image.height())

    def target(self) -> QRectF:
        """Return where the image is drawn."""
        middle = QRectF(self.rect()).center()
        corner = middle - self._centre * self._zoom
        return QRectF(
            corner.x(), corner.y(), self._image.width() * self._zoom, self._image.height() * self._zoom
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._fits:
            self.fit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor("#000000"))
        if self._image.isNull():
            painter.setPen(QColor("#B8C4CE"))
            painter.setFont(font(14))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._words)
        else:
            smooth = self._zoom < 4  # from there on single pixels are meant to be seen
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
            painter.drawImage(self.target(), self._image)
        if self.hasFocus():
            painter.setPen(QColor(colours().accent))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    # ---- mouse and keys

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.zoom_to(self._zoom * 1.0015 ** event.angleDelta().y(), event.position())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._drag = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        moved = event.position() - self._drag
        self._drag = event.position()
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._centre -= moved / self._zoom
            self._fits = False
            self.update()
        elif event.buttons() & Qt.MouseButton.RightButton:
            low, high = self._window
            width, centre = high - low, (low + high) / 2
            width = max(width * 1.01 ** moved.x(), 1e-6)
            centre += moved.y() * width / 200
            self._choose(centre - width / 2, centre + width / 2)

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        self.fit()

    def _choose(self, low: float, high: float) -> None:
        self.show_window(low, high)
        self.window_changed.emit(low, high)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_to(self._zoom * 1.25)
        elif event.key() == Qt.Key.Key_Minus:
            self.zoom_to(self._zoom / 1.25)
        elif event.key() == Qt.Key.Key_0:
            self.fit()
        else:
            super().keyPressEvent(event)
