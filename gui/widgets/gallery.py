"""A gallery for 100,000 images, by mouse and keyboard."""

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QToolTip, QWidget

from counterpoise.gui.gallery_model import GalleryModel
from counterpoise.gui.thumbnails import Thumbnails
from counterpoise.gui.widgets.gallery_keys import MOVES, action
from counterpoise.gui.widgets.gallery_tiles import fitted
from counterpoise.gui.widgets.gallery_view import GalleryView

__all__ = ["Gallery", "fitted"]
SIZE_STEP = 1.25
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


class Gallery(GalleryView):
    """Arrows move, Shift extends; everything else is asked of the card (``asked``)."""

    look_asked = Signal(int)
    """Row to be seen large."""
    asked = Signal(str)
    """An action of ``gallery_keys``."""
    menu_asked = Signal(QPoint)
    """Where the menu of the chosen images is to open, on the screen."""

    def __init__(self, model: GalleryModel, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(model, thumbnails, parent)
        self._dragging = False

    def _row_at(self, point: QPoint) -> int:
        return self._layout.at(point.x(), point.y() + self._top)

    def _heading_at(self, point: QPoint) -> int:
        if not self._layout.header or not self._layout.rows:
            return -1
        if 0 <= point.y() < self._layout.header:  # the one that stays at the top
            return next(iter(self._layout.headings(self._top, self._top + 1)), (-1, 0))[0]
        return self._layout.heading_at(point.y() + self._top)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        section, row = self._heading_at(point), self._row_at(point)
        self._dragging = False
        if section >= 0:
            if event.button() == Qt.MouseButton.LeftButton:
                self.choose_section(section)
        elif event.button() == Qt.MouseButton.RightButton:
            if row >= 0 and not self._model.selection.holds(row):
                self.go_to(row)
        elif row < 0:
            self._do("none")
        else:
            self._pick(row, event.modifiers())
            self._dragging = event.button() == Qt.MouseButton.LeftButton

    def _pick(self, row: int, held: Qt.KeyboardModifier) -> None:
        selection = self._model.selection
        if held & SHIFT:
            selection.to(row)
        elif held & CTRL:
            selection.toggle(row)
        else:
            selection.only(row)
        self._tell()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        row = self._row_at(event.position().toPoint())
        if self._dragging and row >= 0 and row != self.current:
            self._model.selection.to(row)
            self._tell()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self._dragging = False

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        row = self._row_at(event.position().toPoint())
        if row >= 0 and self._heading_at(event.position().toPoint()) < 0:
            self.look_asked.emit(row)

    def resize_pictures(self, *, bigger: bool) -> None:
        """Show the pictures a step larger or smaller."""
        self.set_picture_size(self.picture_size * (SIZE_STEP if bigger else 1 / SIZE_STEP))

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & CTRL and event.angleDelta().y():
            self.resize_pictures(bigger=event.angleDelta().y() > 0)
        else:
            super().wheelEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            self.menu_asked.emit(self.menu_spot())
        else:
            self.menu_asked.emit(event.globalPos())

    def menu_spot(self) -> QPoint:
        """Return where on the screen a menu about the image in hand opens."""
        spot = self.field(self.current).center() if self.current >= 0 else QPoint(0, 0)
        return self.viewport().mapToGlobal(spot)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            row = self._row_at(event.pos())
            QToolTip.showText(event.globalPos(), self._model.words(row) if row >= 0 else self.toolTip(), self)
            return True
        return super().viewportEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.current < 0 and self._model.rowCount():
            self._model.selection.go(0)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in MOVES and self._model.rowCount():
            self._move(Qt.Key(event.key()), event.modifiers())
        elif name := action(event):
            self._do(name)
        else:
            event.ignore()

    def _do(self, name: str) -> None:
        selection = self._model.selection
        if name == "look":
            if self.current >= 0:
                self.look_asked.emit(self.current)
        elif name == "all":
            self.choose_all()
        elif name == "section":
            self.choose_section()
        elif name == "invert":
            self.invert()
        elif name in ("bigger", "smaller"):
            self.resize_pictures(bigger=name == "bigger")
        elif name in ("none", "toggle"):
            if name == "none":
                selection.clear()
            elif self.current >= 0:
                selection.toggle(self.current)
            self._tell(follow=False)
        else:
            self.asked.emit(name)

    def _move(self, key: Qt.Key, held: Qt.KeyboardModifier) -> None:
        to = self._goal(key, max(self.current, 0))
        if held & CTRL and not held & SHIFT:
            self._model.selection.go(to)
            self._tell()
        else:
            self._pick(to, held & SHIFT)

    def _goal(self, key: Qt.Key, row: int) -> int:
        """Return the row that a key leads to."""
        page = max(self.viewport().height() // self._layout.side - 1, 1)
        lines = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -page, Qt.Key.Key_PageDown: page}
        if key in lines:
            return self._layout.moved(row, lines[key])
        last = self._model.rowCount() - 1
        if key == Qt.Key.Key_Home:
            return 0
        if key == Qt.Key.Key_End:
            return last
        return min(max(row + (1 if key == Qt.Key.Key_Right else -1), 0), last)
