"""The studies that were open before, as a list of buttons."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from counterpoise.gui.preferences import Recent
from counterpoise.gui.studies import is_training
from counterpoise.gui.texts import data as texts
from counterpoise.gui.theme import font
from counterpoise.gui.widgets.labels import label


class RecentButton(QPushButton):
    """Name of a study, and below it what it holds and where it lies."""

    def __init__(self, recent: Recent, *, training: bool = False) -> None:
        super().__init__()
        self.recent, self.training = recent, training
        self.setProperty("kind", "row")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{recent.name}, {texts.TRAINING}" if training else recent.name)
        self.setToolTip(recent.path)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 7, 10, 8)
        column.setSpacing(1)
        self._name = label("", "heading")
        self._what, self._where = label("", "small"), label("", "small")
        for part in (self._name, self._what, self._where):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            part.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            column.addWidget(part)

    def sizeHint(self) -> QSize:
        """Return room for all lines, which a button's own hint doesn't know of."""
        layout = self.layout()
        return layout.sizeHint() if layout is not None else super().sizeHint()

    def resizeEvent(self, event) -> None:  # type: ignore[no-untyped-def]  # Qt's own signature
        super().resizeEvent(event)
        room = self.width() - 24
        recent, right = self.recent, Qt.TextElideMode.ElideRight
        mark = f" · {texts.TRAINING}" if self.training else ""
        heading = QFontMetrics(font(14, 600))
        free = room - heading.horizontalAdvance(mark)
        self._name.setText(heading.elidedText(recent.name, right, free) + mark)
        small, left = QFontMetrics(font(12)), Qt.TextElideMode.ElideLeft  # the end of a path tells more
        self._what.setVisible(bool(recent.images))
        self._what.setText(small.elidedText(texts.recent(recent.images, recent.classes), right, room))
        self._where.setText(small.elidedText(str(Path(recent.path).parent), left, room))


class RecentList(QWidget):
    """A button per study; its context menu takes it off the list."""

    chosen = Signal(str)
    forgotten = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)

    def show_recents(self, recents: Sequence[Recent]) -> None:
        """Show these, the latest first."""
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for recent in recents:
            made = RecentButton(recent, training=is_training(Path(recent.path)))
            made.clicked.connect(lambda _=False, path=recent.path: self.chosen.emit(path))
            made.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            made.customContextMenuRequested.connect(lambda _, made=made: self._menu(made))
            self._column.addWidget(made)
        if not recents:
            self._column.addWidget(label(texts.NO_RECENT, "muted", wrap=True))
        self._column.addStretch(1)

    def _menu(self, made: RecentButton) -> None:
        menu = QMenu(made)
        forget = menu.addAction(texts.FORGET)
        forget.triggered.connect(lambda: self.forgotten.emit(made.recent.path))
        menu.popup(made.mapToGlobal(made.rect().center()))
