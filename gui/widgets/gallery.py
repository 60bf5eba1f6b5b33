"""A gallery for 100,000 images: only what is seen is laid out, painted and loaded."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPainter, QPainterPath, QPen, QResizeEvent
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from counterpoise.core.catalog.types import ImageRecord
from counterpoise.gui.texts import common
from counterpoise.gui.texts import inspect as texts
from counterpoise.gui.theme import colours, font, px
from counterpoise.gui.thumbnails import Thumbnails

Index = QModelIndex | QPersistentModelIndex
IMAGE = int(Qt.ItemDataRole.UserRole)
BADGE = IMAGE + 1
GAP = 6
LEFT_OUT_OPACITY = 0.35


class GalleryModel(QAbstractListModel):
    """The images at some places of a catalog, in that order."""

    repainted = Signal()
    """Fields look different now. (``dataChanged`` would have the list lay out all items anew.)"""

    def __init__(self, thumbnails: Thumbnails, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.thumbnails = thumbnails
        self._images: Sequence[ImageRecord] = ()
        self._places: Sequence[int] = ()
        self._badges: Mapping[str, str] = {}
        thumbnails.arrived.connect(self.repainted)

    def show(self, images: Sequence[ImageRecord], places: Sequence[int], badges: Mapping[str, str]) -> None:
        """Show ``images[place]`` for each of ``places``."""
        same = self.rowCount() > 0 and _same_order(self._images, self._places, images, places)
        if same:  # an edit: positions and selection stay
            self._images, self._places, self._badges = images, places, badges
            self.repainted.emit()
            return
        self.beginResetModel()
        self._images, self._places, self._badges = images, places, badges
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._places)

    def image(self, row: int) -> ImageRecord:
        return self._images[self._places[row]]

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        image = self.image(index.row())
        if role == IMAGE:
            return image
        if role == BADGE:
            return texts.LEFT_OUT_BADGE if not image.part else self._badges.get(image.path, "")
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{image.path}\n{image.label} · {common.PARTS[image.part]}"
        return None


class GalleryDelegate(QStyledItemDelegate):
    """Paints a picture with rounded corners, its badge, and whether it is chosen."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        palette = colours()
        model = index.model()
        assert isinstance(model, GalleryModel)
        image = model.image(index.row())
        field: QRect = option.rect.adjusted(0, 0, -GAP, -GAP)
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        clip = QPainterPath()
        clip.addRoundedRect(QRectF(field), 6, 6)
        painter.setClipPath(clip)
        painter.fillRect(field, QColor(palette.track))
        picture = model.thumbnails.get(image)
        if picture is not None and not picture.isNull():
            if not image.part:
                painter.setOpacity(LEFT_OUT_OPACITY)
            painter.drawImage(fitted(picture.size(), field), picture)
            painter.setOpacity(1.0)
        self._badge(painter, field, str(index.data(BADGE) or ""))
        painter.setClipping(False)
        state: QStyle.StateFlag = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        focused = bool(state & QStyle.StateFlag.State_HasFocus)
        if selected or focused:
            painter.setPen(QPen(QColor(palette.accent), 4 if selected else 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(field).adjusted(1, 1, -1, -1), 6, 6)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        view = self.parent()
        return view.gridSize() if isinstance(view, QListView) else super().sizeHint(option, index)

    def _badge(self, painter: QPainter, field: QRect, words: str) -> None:
        if not words:
            return
        painter.setFont(font(10, 500))
        metrics = painter.fontMetrics()
        room = field.width() - 16
        words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)
        width = metrics.horizontalAdvance(words) + 8
        height = metrics.height() + 3
        spot = QRectF(field.center().x() - width / 2, field.bottom() - height - 3, width, height)
        dark = colours().name == "dark"
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("#FFC16B" if dark else "#8A4B00"))
        painter.drawRoundedRect(spot, 3, 3)
        painter.setPen(QColor("#10151A" if dark else "#FFFFFF"))
        painter.drawText(spot, Qt.AlignmentFlag.AlignCenter, words)


class Gallery(QListView):
    """Arrows move, Space looks closer, X leaves out, R gives another label."""

    look_asked = Signal(int)
    """Row to be seen large."""
    leave_out_asked = Signal()
    relabel_asked = Signal()
    selection_grew = Signal(int)
    """How many images are chosen now."""

    def __init__(self, model: GalleryModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        self._model = model
        self.setItemDelegate(GalleryDelegate(self))
        # A wrapped list: the icon mode keeps a tree of all items, which is slow for many.
        self.setViewMode(QListView.ViewMode.ListMode)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setObjectName("gallery")
        self.setAccessibleName(texts.GALLERY)
        self.setToolTip(texts.KEYS_HELP)
        self.doubleClicked.connect(lambda index: self.look_asked.emit(index.row()))
        self.selectionModel().selectionChanged.connect(
            lambda: self.selection_grew.emit(len(self.selectionModel().selectedIndexes()))
        )
        model.repainted.connect(self.viewport().update)
        self._fit()

    def chosen(self) -> list[ImageRecord]:
        """Return the chosen images, else the one that has the focus."""
        rows = sorted(index.row() for index in self.selectionModel().selectedIndexes())
        if not rows and self.currentIndex().isValid():
            rows = [self.currentIndex().row()]
        return [self._model.image(row) for row in rows]

    def go_to(self, row: int) -> None:
        """Choose a row alone and bring it into sight."""
        if 0 <= row < self._model.rowCount():
            index = self._model.index(row)
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.scrollTo(index)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self._model.rowCount():
            no_change = QItemSelectionModel.SelectionFlag.NoUpdate
            self.selectionModel().setCurrentIndex(self._model.index(0), no_change)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.look_asked.emit(self.currentIndex().row())
        elif key in (Qt.Key.Key_X, Qt.Key.Key_Delete):
            self.leave_out_asked.emit()
        elif key == Qt.Key.Key_R and not event.modifiers():
            self.relabel_asked.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)

    def _fit(self) -> None:
        """Let whole columns fill the width."""
        bar = self.verticalScrollBar().sizeHint().width()  # kept free, so that its coming changes nothing
        room = max(self.width() - bar - 2, 100)
        columns = max(1, round(room / px(82)))
        side = max(room // columns, 40)
        if self.gridSize() != QSize(side, side):
            self.setGridSize(QSize(side, side))


def fitted(size: QSize, field: QRect) -> QRectF:
    """Return where a picture fills the field, centred; what is over is cut off."""
    scale = max(field.width() / max(size.width(), 1), field.height() / max(size.height(), 1))
    width, height = size.width() * scale, size.height() * scale
    centre = QRectF(field).center()
    return QRectF(centre.x() - width / 2, centre.y() - height / 2, width, height)


def _same_order(
    old: Sequence[ImageRecord],
    old_places: Sequence[int],
    new: Sequence[ImageRecord],
    new_places: Sequence[int],
) -> bool:
    """Whether both show the same images in the same order, whatever else is known of them."""
    if len(old_places) != len(new_places):
        return False
    pairs = ((old[i], new[j]) for i, j in zip(old_places, new_places, strict=True))
    return all(a is b or (a.path, a.frame) == (b.path, b.frame) for a, b in pairs)
