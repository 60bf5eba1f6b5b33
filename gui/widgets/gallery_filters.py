"""The chips above the gallery: what is shown, in which order, in which sections."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QLineEdit, QMenu, QSizePolicy, QWidget

from counterpoise.core.catalog.types import Key
from counterpoise.gui.gallery_filter import Wish
from counterpoise.gui.gallery_table import ImageTable
from counterpoise.gui.texts import gallery as texts
from counterpoise.gui.texts import inspect
from counterpoise.gui.theme import px
from counterpoise.gui.widgets.filter_chip import FilterChip, MenuChip
from counterpoise.gui.widgets.flow_layout import FlowLayout
from counterpoise.gui.widgets.labels import button

ASKED = object()
"""Key of the option that shows what was asked for elsewhere."""
TYPED_MS = 200
SEARCH = 150


class GalleryFilters(QWidget):
    """Holds the wish; ``wished`` says that the user has changed it."""

    wished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.wish = Wish()
        self._asked = ""
        self._table: ImageTable | None = None
        self.by_class, self.by_part = FilterChip(inspect.ALL_CLASSES), FilterChip(inspect.ALL_PARTS)
        self.by_finding = FilterChip(inspect.ANY_FINDING)
        self.more, self.sort = MenuChip(texts.MORE), MenuChip(texts.SORT)
        self.sections = FilterChip(texts.SECTIONS[""])
        self.sections.set_options(list(texts.SECTIONS.items()))
        self.search = QLineEdit()
        self.search.setPlaceholderText(texts.SEARCH)
        self.search.setToolTip(texts.SEARCH_HELP)
        self.search.setAccessibleName(texts.SEARCH)
        self.search.setClearButtonEnabled(True)
        self.search.setProperty("kind", "chip")
        self.search.setFixedWidth(px(SEARCH))
        self.clear_button = button(texts.CLEAR, "link", self.clear)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        row = FlowLayout(self, spacing=6)
        for chip in (self.by_class, self.by_part, self.by_finding, self.more, self.sort, self.sections):
            row.addWidget(chip)
        row.addWidget(self.search)
        self._typed = QTimer(self, singleShot=True, interval=TYPED_MS)
        self._typed.timeout.connect(self._search)
        self.search.textChanged.connect(lambda: self._typed.start())
        self.by_class.chosen.connect(lambda key: self._facet("class", key))
        self.by_part.chosen.connect(lambda key: self._facet("part", key))
        self.by_finding.chosen.connect(self._finding)
        self.sections.chosen.connect(lambda key: self._wish(replace(self.wish, sections=key)))
        self.clear_button.hide()
        self._fill_sort()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.search.setFixedWidth(px(SEARCH))

    # ---- what is offered

    def offer(self, table: ImageTable, counts: Mapping[str, Sequence[int]]) -> None:
        """Offer the values that occur, each with the number of images it would show."""

        def entries(name: str) -> list[tuple[object, str]]:
            pairs = zip(table.facets[name].words, counts[name], strict=True)
            return [(words, texts.option(words, n)) for words, n in pairs]

        self.by_class.set_options([(None, inspect.ALL_CLASSES), *entries("class")])
        self.by_part.set_options([(None, inspect.ALL_PARTS), *entries("part")])
        found = [(t, texts.option(t, n)) for t, n in zip(table.findings, counts["finding"], strict=True)]
        asked: list[tuple[object, str]] = [(ASKED, self._asked)] if self._has_asked else []
        self.by_finding.set_options([(None, inspect.ALL_IMAGES), *found, *asked])
        self._show_keys()
        self._fill_more(table, counts)
        self._table = table
        self._fill_sort()

    def _fill_more(self, table: ImageTable, counts: Mapping[str, Sequence[int]]) -> None:
        menu = self.more.emptied()
        for name, title in texts.FACETS.items():
            facet = table.facets[name]
            numbers = np.bincount(facet.codes, minlength=len(facet.words))
            occurring = {words for words, number in zip(facet.words, numbers, strict=True) if number}
            chosen = self.wish.facets.get(name)
            if len(occurring) < 2 and chosen is None:
                continue  # all images are the same in this
            inner = menu.addMenu(title)
            group = QActionGroup(inner)
            for words, number in zip(facet.words, counts[name], strict=True):
                if words not in occurring and words != chosen:
                    continue
                action = inner.addAction(texts.option(words, number))
                action.setCheckable(True)
                action.setChecked(words == chosen)
                group.addAction(action)
                value = None if words == chosen else words  # a second click takes it away
                action.triggered.connect(lambda _=False, n=name, v=value: self._facet(n, v))
        picked = [words for name, words in self.wish.facets.items() if name in texts.FACETS]
        self.more.show_state(", ".join(picked) or texts.MORE, filtering=bool(picked))
        self.more.setEnabled(bool(menu.actions()))

    def _fill_sort(self) -> None:
        menu = self.sort.emptied()
        group = QActionGroup(menu)
        listed = self.wish.keys is not None
        for name, title in texts.SORTS.items():
            if name not in ("path", self.wish.sort) and not (
                self._table is not None and self._table.distinguishes(name)
            ):
                continue
            words = texts.AS_LISTED if listed and name == "path" else title
            self._option(menu, words, name == self.wish.sort, replace(self.wish, sort=name), group)
        menu.addSeparator()
        turned = replace(self.wish, backwards=not self.wish.backwards)
        self._option(menu, texts.BACKWARDS, self.wish.backwards, turned)
        order = texts.sorted_by(self.wish.sort, listed=listed)
        self.sort.show_state(f"{texts.SORT}: {order}", filtering=False)

    def _option(
        self, menu: QMenu, title: str, checked: bool, wish: Wish, group: QActionGroup | None = None
    ) -> None:
        action = menu.addAction(title)
        action.setCheckable(True)
        action.setChecked(checked)
        if group is not None:
            group.addAction(action)
        action.triggered.connect(lambda: self._wish(wish))

    # ---- what is wished

    @property
    def _has_asked(self) -> bool:
        return self.wish.paths is not None or self.wish.keys is not None

    @property
    def shows_asked(self) -> bool:
        """Whether what was asked for elsewhere is shown."""
        return self._has_asked

    def ask(
        self, title: str, *, paths: frozenset[str] | None = None, keys: tuple[Key, ...] | None = None
    ) -> None:
        """Wish for these images alone, in the order of ``keys`` where these are given."""
        self._asked = title
        self._empty_search()
        self._wish(Wish(paths=paths, keys=keys))

    def only(self, facets: Mapping[str, str]) -> None:
        """Show what has these values, and nothing else hidden."""
        self._empty_search()
        self._wish(replace(self.wish, facets=dict(facets), finding="", text="", paths=None, keys=None))

    def clear(self) -> None:
        """Hide nothing; order and sections stay."""
        self._empty_search()
        self._wish(Wish(sort=self.wish.sort, backwards=self.wish.backwards, sections=self.wish.sections))

    def forget(self) -> None:
        """Another study: wish for nothing in particular."""
        self._empty_search()
        self.wish, self._asked = Wish(), ""
        self._show_keys()

    def _empty_search(self) -> None:
        self.search.blockSignals(True)  # the wish is what the caller makes of it
        self.search.clear()
        self.search.blockSignals(False)
        self._typed.stop()

    def _facet(self, name: str, value: object) -> None:
        facets = {key: words for key, words in self.wish.facets.items() if key != name}
        self._wish(replace(self.wish, facets=facets | ({name: str(value)} if value is not None else {})))

    def _finding(self, key: object) -> None:
        if key is not ASKED:
            title = "" if key is None else str(key)
            facets = {name: words for name, words in self.wish.facets.items() if name != "patient"}
            self._wish(replace(self.wish, facets=facets, finding=title, paths=None, keys=None))

    def _search(self) -> None:
        if self.search.text() != self.wish.text:
            self._wish(replace(self.wish, text=self.search.text()))

    def _wish(self, wish: Wish) -> None:
        if wish != self.wish:
            self.wish = wish
            self._show_keys()
            self.wished.emit()

    def _show_keys(self) -> None:
        """Let the chips say what is wished."""
        self.by_class.set_key(self.wish.facets.get("class"))
        self.by_part.set_key(self.wish.facets.get("part"))
        if self._has_asked:
            self.by_finding.show_words(self._asked, filtering=True)
        elif (patient := self.wish.facets.get("patient")) is not None:
            self.by_finding.set_key(None)
            self.by_finding.show_words(patient, filtering=True)
        else:
            self.by_finding.set_key(self.wish.finding or None)
        self.sections.set_key(self.wish.sections)
        self.sections.show_words(texts.SECTIONS[self.wish.sections], filtering=False)  # it hides nothing
        self._fill_sort()
        self.clear_button.setVisible(self.wish.filters)
