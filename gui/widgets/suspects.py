"""Pictures with two lines under each, in the order of their urgency: only what is seen is painted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPainterPath, QPen, QResizeEvent
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from counterpoise.core.catalog.types import ImageRecord, Key
from counterpoise.gui.texts import review as texts
from counterpoise.gui.theme import colours, font, px
from counterpoise.gui.thumbnails import Thumbnails

Index = QModelIndex | QPersistentModelIndex
GAP, CAPTION = 8, 40
DONE_OPACITY = 0.4
SLACK = 8
"""Pixels that Qt wants free behind the last column."""
ACTIONS = {
    Qt.Key.Key_Return: "relabel",
    Qt.Key.Key_Enter: "relabel",
    Qt.Key.Key_C: "right",
    Qt.Key.Key_X: "out",
    Qt.Key.Key_Delete: "out",
    Qt.Key.Key_R: "other",
    Qt.Key.Key_Space: "look",
}


@dataclass(frozen=True)
class Suspect:
    """One image, or a pair, with what is said of it."""

    keys: tuple[Key, ...]
    images: tuple[ImageRecord | None, ...]
    """None where the catalog doesn't hold it any more."""
    lines: tuple[str, str]
    mark: str = ""
    """What was decided, in a word or two; empty where nothing was."""


class SuspectModel(QAbstractListModel):
    """The suspects of a tab."""

    def __init__(self, thumbnails: Thumbnails, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.thumbnails = thumbnails
        self._suspects: Sequence[Suspect] = ()

    def show(self, suspects: Sequence[Suspect]) -> None:
        """Show these; where only marks differ, places and choice stay."""
        same = [s.keys for s in suspects] == [s.keys for s in self._suspects]
        if not same:
            self.beginResetModel()
        self._suspects = suspects
        if not same:
            self.endResetModel()
        elif suspects:
            self.dataChanged.emit(self.index(0), self.index(len(suspects) - 1))

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._suspects)

    def suspect(self, row: int) -> Suspect:
        return self._suspects[row]

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            suspect = self.suspect(index.row())
            paths = ", ".join(path for path, _ in suspect.keys)
            return "\n".join(filter(None, (paths, *suspect.lines, suspect.mark)))
        return None


class SuspectDelegate(QStyledItemDelegate):
    """Paints one picture or two halves, the lines below, and the mark of what was decided."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model, palette = index.model(), colours()
        assert isinstance(model, SuspectModel)
        suspect = model.suspect(index.row())
        cell: QRect = option.rect.adjusted(0, 0, -GAP, -GAP)
        field = QRect(cell.left(), cell.top(), cell.width(), cell.height() - px(CAPTION))
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        clip = QPainterPath()
        clip.addRoundedRect(QRectF(field), 6, 6)
        painter.setClipPath(clip)
        painter.fillRect(field, QColor(palette.track))
        painter.setOpacity(DONE_OPACITY if suspect.mark else 1.0)
        self._pictures(painter, field, [model.thumbnails.get(i) if i else None for i in suspect.images])
        painter.setOpacity(1.0)
        painter.setClipping(False)
        state: QStyle.StateFlag = option.state
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_HasFocus):
            strong = bool(state & QStyle.StateFlag.State_Selected)
            painter.setPen(QPen(QColor(palette.accent), 4 if strong else 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(field).adjusted(1, 1, -1, -1), 6, 6)
        self._lines(painter, QRect(cell.left(), field.bottom() + 3, cell.width(), px(CAPTION)), suspect)
        painter.restore()

    def _pictures(self, painter: QPainter, field: QRect, pictures: Sequence[QImage | None]) -> None:
        width = field.width() / max(len(pictures), 1)
        for place, picture in enumerate(pictures):
            if picture is None or picture.isNull():
                continue
            half = QRectF(
                field.left() + place * width, field.top(), width - (place + 1 < len(pictures)), field.height()
            )
            size = picture.size().scaled(half.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
            target = QRectF(0, 0, size.width(), size.height())
            target.moveCenter(half.center())
            painter.drawImage(target, picture)

    def _lines(self, painter: QPainter, room: QRect, suspect: Suspect) -> None:
        palette, height = colours(), room.height() // 2
        second = (suspect.mark, palette.good) if suspect.mark else (suspect.lines[1], palette.ink)
        for row, (words, colour, weight) in enumerate(
            ((suspect.lines[0], palette.muted, 400), (*second, 500))
        ):
            painter.setFont(font(12, weight))
            painter.setPen(QColor(colour))
            words = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room.width())
            line = QRect(room.left(), room.top() + row * (height - 3), room.width(), height)
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        view = self.parent()
        return view.gridSize() if isinstance(view, QListView) else super().sizeHint(option, index)


class SuspectList(QListView):
    """Arrows move; Enter, C, X, R and Space ask for what the panel does, a double click for a closer look."""

    acted = Signal(str)
    """``relabel``, ``right``, ``out``, ``other``, ``look`` or ``undo``."""
    looked_at = Signal(int)
    """The row that is chosen now; -1 for none."""

    def __init__(self, model: SuspectModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.setItemDelegate(SuspectDelegate(self))
        self.setViewMode(QListView.ViewMode.ListMode)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QListView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setObjectName("gallery")
        self.setAccessibleName(texts.LIST)
        self.setToolTip(texts.KEYS_HELP)
        self.selectionModel().currentChanged.connect(lambda now, _: self.looked_at.emit(now.row()))
        self.doubleClicked.connect(lambda _: self.acted.emit("look"))
        model.thumbnails.arrived.connect(self.viewport().update)
        self._wide = 1
        self._fit()

    def set_wide(self, wide: bool) -> None:
        """Make room for pairs."""
        self._wide = 2 if wide else 1
        self._fit()

    def go_to(self, row: int) -> None:
        """Choose a row and bring it into sight."""
        if 0 <= row < self.model().rowCount():
            self.setCurrentIndex(self.model().index(row, 0))
            self.scrollTo(self.currentIndex())

    def event(self, event: Any) -> bool:
        # Taking back is the panel's: it knows more than edits.
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QKeyEvent.Type.ShortcutOverride
            and _is_undo(event)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        action = ACTIONS.get(Qt.Key(event.key())) if not event.modifiers() & ~_KEYPAD else None
        if _is_undo(event):
            self.acted.emit("undo")
        elif action is not None:
            self.acted.emit(action)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)

    def _fit(self) -> None:
        """Let whole columns fill the width."""
        bar = self.verticalScrollBar().sizeHint().width()
        room = max(self.width() - bar - SLACK, 100)
        columns = max(1, round(room / px(150 * self._wide)))
        side = max(room // columns, 40)
        height = side // self._wide + px(CAPTION)
        if self.gridSize() != QSize(side, height):
            self.setGridSize(QSize(side, height))


_KEYPAD = Qt.KeyboardModifier.KeypadModifier


def _is_undo(event: QKeyEvent) -> bool:
    return event.key() == Qt.Key.Key_Z and event.modifiers() == Qt.KeyboardModifier.ControlModifier
