"""Image tiles in rows that fill the width."""

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from counterpoise.gui.widgets.image_tile import ImageTile

GAP, SMALLEST, LARGEST = 6, 48, 104


class TileGrid(QWidget):
    """Square tiles, ``columns`` in a row, as large as the width allows."""

    def __init__(self, columns: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns = columns
        self._tiles: tuple[ImageTile, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_tiles(self, tiles: Sequence[ImageTile]) -> None:
        """Show these instead of the ones before."""
        for tile in self._tiles:
            tile.hide()
            tile.deleteLater()
        self._tiles = tuple(tiles)
        for tile in self._tiles:
            tile.setParent(self)
            tile.show()
        self._place()
        self.updateGeometry()

    def _side(self, width: int) -> int:
        return max(min((width - GAP * (self._columns - 1)) // self._columns, LARGEST), SMALLEST)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        rows = -(-len(self._tiles) // self._columns)
        return rows * (self._side(width) + GAP) - GAP if rows else 0

    def sizeHint(self) -> QSize:
        width = self._columns * (SMALLEST + GAP)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        side = self._side(self.width())
        for number, tile in enumerate(self._tiles):
            row, column = divmod(number, self._columns)
            tile.setGeometry(column * (side + GAP), row * (side + GAP), side, side)
