"""A row of images for each class, so that one sees at once what was read."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from counterpoise.core.catalog.types import Catalog, ImageRecord
from counterpoise.gui.theme import colours, font, px
from counterpoise.gui.thumbnails import Thumbnails
from counterpoise.gui.widgets.gallery import fitted

MOST_CLASSES = 5
PER_CLASS = 12
GAP = 6


class SampleRows(QWidget):
    """Painted from thumbnails as they arrive; images are taken evenly from each class."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.thumbnails = Thumbnails(self)
        self.thumbnails.arrived.connect(self.update)
        self._rows: Sequence[tuple[str, list[ImageRecord]]] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_catalog(self, catalog: Catalog | None) -> None:
        """Show some images of the first classes."""
        self.thumbnails.set_sources(catalog.sources if catalog else None)
        self._rows = samples(catalog) if catalog else ()
        self.updateGeometry()
        self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(px(200), px(44) * len(self._rows))

    def _side(self) -> int:
        if not self._rows:
            return 0
        high = self.height() // len(self._rows) - GAP
        wide = (self.width() - self._left()) // PER_CLASS - GAP
        return max(min(high, wide, px(110)), px(24))

    def _left(self) -> int:
        metrics = QFontMetrics(font(13, 500))
        widest = max((metrics.horizontalAdvance(name) for name, _ in self._rows), default=0)
        return min(widest + px(16), self.width() // 4)

    def paintEvent(self, _event: QPaintEvent) -> None:
        palette = colours()
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        side, left = self._side(), self._left()
        painter.setFont(font(13, 500))
        metrics = painter.fontMetrics()
        for row, (name, images) in enumerate(self._rows):
            top = row * (side + GAP)
            painter.setPen(QColor(palette.muted))
            words = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, left - px(8))
            middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            painter.drawText(QRectF(0, top, left, side), middle, words)
            for column, image in enumerate(images):
                field = QRectF(left + column * (side + GAP), top, side, side).toRect()
                clip = QPainterPath()
                clip.addRoundedRect(QRectF(field), 6, 6)
                painter.save()
                painter.setClipPath(clip)
                painter.fillRect(field, QColor(palette.track))
                picture = self.thumbnails.get(image)
                if picture is not None and not picture.isNull():
                    painter.drawImage(fitted(picture.size(), QRectF(field)), picture)
                painter.restore()
        painter.end()


def samples(catalog: Catalog) -> list[tuple[str, list[ImageRecord]]]:
    """Return, for the first classes, images spread evenly over each."""
    found: dict[str, list[ImageRecord]] = {}
    for image in catalog.images:
        if image.part:
            found.setdefault(image.label, []).append(image)
    first = sorted(found)[:MOST_CLASSES]
    return [(name, found[name][:: max(1, len(found[name]) // PER_CLASS)][:PER_CLASS]) for name in first]
