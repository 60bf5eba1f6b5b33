"""One image, as large as there is room, its shape kept."""

from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from counterpoise.core.errors import CounterpoiseError
from counterpoise.gui.decoding import thumbnail
from counterpoise.gui.jobs import in_background
from counterpoise.gui.theme import colours, px

SIDE = 640


class Portrait(QWidget):
    """Reads the image beside the window's thread; shows a preview until it is there."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.image = QImage()
        self._number = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_file(self, file: Path | None, frame: int, preview: QImage | None, name: str) -> None:
        """Show the image of a file; None shows nothing."""
        self._number += 1
        number = self._number
        self.image = preview or QImage()
        self.setAccessibleName(name)
        self.update()
        if file is not None:
            in_background(lambda: (number, _read(file, frame)), self._was_read)

    def _was_read(self, found: tuple[int, QImage]) -> None:
        number, image = found
        if number == self._number and not image.isNull():
            self.image = image
            self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(px(120), px(120))

    def sizeHint(self) -> QSize:
        return QSize(px(280), px(150))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        room = QRectF(self.rect())
        clip = QPainterPath()
        clip.addRoundedRect(room, 8, 8)
        painter.setClipPath(clip)
        painter.fillRect(room, QColor(colours().track))
        if not self.image.isNull():
            size = self.image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
            target = QRectF(0, 0, size.width(), size.height())
            target.moveCenter(room.center())
            painter.drawImage(target, self.image)
        painter.end()


def _read(file: Path, frame: int) -> QImage:
    from counterpoise.gui.thumbnails import to_image

    try:
        return to_image(thumbnail(file, frame, SIDE))
    except (CounterpoiseError, OSError):  # the scan says why
        return QImage()
