"""The program's own icons, drawn in one colour of the theme."""

from importlib.resources import files
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer

from counterpoise.gui.theme import colours


def icon(name: str, color: str | None = None, size: int = 18) -> QIcon:
    """Return an icon in one colour (default: muted ink)."""
    return QIcon(icon_pixmap(name, color or colours().muted, size))


def icon_pixmap(name: str, color: str, size: int, ratio: int = 2) -> QPixmap:
    """Draw an icon of ``size`` pixels for screens of up to ``ratio`` device pixels each."""
    key = f"icon {name} {color} {size} {ratio}"
    pixmap = QPixmap()
    if QPixmapCache.find(key, pixmap):
        return pixmap
    svg = icon_path(name).read_text("utf-8").replace("currentColor", color)
    pixmap = QPixmap(QSize(size, size) * ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, size * ratio, size * ratio))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    QPixmapCache.insert(key, pixmap)
    return pixmap


def icon_path(name: str) -> Path:
    """Return the icon's SVG."""
    return Path(str(files("counterpoise.resources").joinpath("icons", f"{name}.svg")))
