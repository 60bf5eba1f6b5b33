"""A chip that opens a menu of what to show, and says what is shown."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from counterpoise.gui.theme import restyle

LONGEST = 30
"""Letters; the menu shows the rest."""


class FilterChip(QPushButton):
    """Options are ``(key, words)``; the first means no filter."""

    chosen = Signal(object)
    """The key of the option that was chosen."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "chip")
        self.setAccessibleName(name)
        self._menu = QMenu(self)
        self._group = QActionGroup(self)
        self._words: dict[object, str] = {}
        self.key: object = None
        self.setMenu(self._menu)

    def set_options(self, options: Sequence[tuple[object, str]]) -> None:
        """Offer these; what was chosen stays so where it is among them."""
        self._menu.clear()
        for action in self._group.actions():
            self._group.removeAction(action)
        self._words = dict(options)
        for key, words in options:
            action = self._menu.addAction(words)
            action.setCheckable(True)
            action.setData(key)
            action.triggered.connect(lambda _=False, key=key: self._choose(key))
            self._group.addAction(action)
        self.set_key(self.key if self.key in self._words else options[0][0])

    def set_key(self, key: object) -> None:
        """Show ``key`` as chosen, without a signal."""
        self.key = key
        for action in self._group.actions():
            action.setChecked(action.data() == key)
        first = next(iter(self._words), None)
        words = self._words.get(key, "")
        shown = words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"
        self.setText(f"{shown} ▾")
        self.setProperty("filtering", key != first)
        restyle(self)

    def _choose(self, key: object) -> None:
        self.set_key(key)
        self.chosen.emit(key)
