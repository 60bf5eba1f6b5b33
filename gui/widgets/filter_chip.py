"""Chips that open a menu, and say what is chosen."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from counterpoise.gui.theme import restyle

LONGEST = 24
"""Letters; the menu shows the rest."""


class MenuChip(QPushButton):
    """A chip with a menu that others fill."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "chip")
        self._name = name
        self.chip_menu = QMenu(self)
        self.setMenu(self.chip_menu)
        self.show_state(name, filtering=False)

    def emptied(self) -> QMenu:
        """Return the menu without entries, to be filled anew."""
        for action in self.chip_menu.actions():
            inner = action.menu()
            if isinstance(inner, QMenu):
                inner.deleteLater()
        self.chip_menu.clear()
        return self.chip_menu

    def show_state(self, words: str, *, filtering: bool) -> None:
        """Say what is chosen, and whether it hides anything."""
        shown = words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"
        self.setText(f"{shown} ▾")
        self.setAccessibleName(words if words == self._name else f"{self._name}: {words}")
        if self.property("filtering") != filtering:
            self.setProperty("filtering", filtering)
            restyle(self)


class FilterChip(MenuChip):
    """Options are ``(key, words)``; the first means no filter."""

    chosen = Signal(object)
    """The key of the option that was chosen."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        self._words: dict[object, str] = {}
        self.key: object = None
        super().__init__(name, parent)
        self._group = QActionGroup(self)

    def set_options(self, options: Sequence[tuple[object, str]]) -> None:
        """Offer these; what was chosen stays so where it is among them."""
        if list(options) == list(self._words.items()):
            return
        menu = self.emptied()
        for action in self._group.actions():
            self._group.removeAction(action)
        self._words = dict(options)
        for key, words in options:
            action = menu.addAction(words)
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
        words = self._words.get(key, self._name if key is None else str(key))
        self.show_words(words, filtering=key != first)

    def show_words(self, words: str, *, filtering: bool) -> None:
        """Show words of no option."""
        self.show_state(words, filtering=filtering)

    def _choose(self, key: object) -> None:
        self.set_key(key)
        self.chosen.emit(key)
