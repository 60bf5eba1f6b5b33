"""The gallery's pictures as they are painted: cut to a square with round corners, a bounded number kept."""

from collections import OrderedDict

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QPixmap

from counterpoise.gui.theme import colours, font
from counterpoise.gui.thumbnails import Key

KEPT_BYTES = 48 * 1024 * 1024
RADIUS = 6


class Tiles:
    """Scaling and rounding cost thirty times what painting the result does, so they are done once."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Key, QPixmap] = OrderedDict()
        self._form: tuple[int, float, str] = (0, 1.0, "")
        self.blank = QPixmap()
        """What is painted for a picture that isn't there yet."""

    def use(self, side: int, ratio: float) -> None:
        """Make tiles of ``side`` pixels for a screen of ``ratio``; others are forgotten."""
        form = (side, ratio, colours().name)
        if form != self._form:
            self._form = form
            self._kept.clear()
            self.blank = blank_tile(side, ratio)

    def get(self, key: Key) -> QPixmap | None:
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def make(self, key: Key, picture: QImage) -> QPixmap:
        """Return the tile of a picture, which is kept."""
        side, ratio, _ = self._form
        tile = self.blank.copy()
        if not picture.isNull():
            painter = QPainter(tile)
            painter.setRenderHints(
                QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
            )
            field = QRectF(0, 0, side, side)
            clip = QPainterPath()
            clip.addRoundedRect(field, RADIUS, RADIUS)
            painter.setClipPath(clip)
            painter.drawImage(fitted(picture.size(), field), picture)
            painter.end()
        self._kept[key] = tile
        most = max(200, int(KEPT_BYTES / max((side * ratio) ** 2 * 4, 1)))
        while len(self._kept) > most:
            self._kept.popitem(last=False)
        return tile


def blank_tile(side: int, ratio: float) -> QPixmap:
    """Return a tile whose picture isn't there yet."""
    pixels = max(round(side * ratio), 1)
    tile = QPixmap(pixels, pixels)
    tile.setDevicePixelRatio(ratio)
    tile.fill(Qt.GlobalColor.transparent)
    painter = QPainter(tile)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colours().track))
    painter.drawRoundedRect(QRectF(0, 0, side, side), RADIUS, RADIUS)
    painter.end()
    return tile


def paint_badge(painter: QPainter, field: QRectF, words: str, *, own: bool) -> None:
    """Write a word or two at the foot of a tile; ``own`` ones tell of the user's own changes."""
    painter.setFont(font(10, 600))
    metrics = painter.fontMetrics()
    words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, int(field.width()) - 14)
    width, height = metrics.horizontalAdvance(words) + 8, metrics.height() + 3
    spot = QRectF(field.center().x() - width / 2, field.bottom() - height - 3, width, height)
    palette = colours()
    dark = palette.name == "dark"
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(palette.accent if own else "#FFC16B" if dark else "#8A4B00"))
    painter.drawRoundedRect(spot, 3, 3)
    painter.setPen(QColor(palette.on_accent))
    painter.drawText(spot, Qt.AlignmentFlag.AlignCenter, words)


def paint_frame(painter: QPainter, field: QRectF, *, chosen: bool, in_hand: bool) -> None:
    """Show that a tile is chosen, or has the focus: a ring, and for chosen ones a tick as well."""
    palette = colours()
    if chosen or in_hand:
        painter.setPen(QPen(QColor(palette.accent), 3 if chosen else 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(field.adjusted(1, 1, -1, -1), RADIUS, RADIUS)
    if chosen:
        spot = QRectF(field.left() + 5, field.top() + 5, 16, 16)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(palette.accent))
        painter.drawEllipse(spot)
        painter.setPen(QPen(QColor(palette.on_accent), 2))
        x, y = spot.left(), spot.top()
        tick = QPainterPath()
        tick.moveTo(x + 4, y + 8)
        tick.lineTo(x + 7, y + 11)
        tick.lineTo(x + 12, y + 5)
        painter.drawPath(tick)


def fitted(size: QSize, field: QRectF) -> QRectF:
    """Return where a picture fills the field, centred; what is over is cut off."""
    scale = max(field.width() / max(size.width(), 1), field.height() / max(size.height(), 1))
    width, height = size.width() * scale, size.height() * scale
    return QRectF(field.center().x() - width / 2, field.center().y() - height / 2, width, height)
