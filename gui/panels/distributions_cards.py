"""One card for each picture of the data: the picture, one sentence on what to look for, what was found."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from counterpoise.core.catalog.distributions.facts import DataFacts
from counterpoise.core.catalog.distributions.pictures import Pictures
from counterpoise.core.catalog.distributions.words import (
    TITLES,
    about_average,
    about_curves,
    about_kinds,
    about_sizes,
    axis_of,
    look_for,
    not_read,
)
from counterpoise.gui.texts import common
from counterpoise.gui.texts import distributions as texts
from counterpoise.gui.widgets.cards import Card
from counterpoise.gui.widgets.class_sign import SignLegend
from counterpoise.gui.widgets.clearing import clear
from counterpoise.gui.widgets.density_rows import DensityRows
from counterpoise.gui.widgets.finding_card import VerdictCard
from counterpoise.gui.widgets.flow_layout import FlowLayout
from counterpoise.gui.widgets.labels import button, label
from counterpoise.gui.widgets.mean_tile import MeanTile
from counterpoise.gui.widgets.size_scatter import SizeScatter

MARGINS = 36
"""Pixels of a card's width that its body doesn't have."""
MOST_KINDS = 5
"""Columns of the table of kinds; rarer ones stand in the report."""


class PictureCard(Card):
    """Heading, what to look for, what was found of it, the picture, and what it is made of."""

    paths_asked = Signal(tuple, str)
    """Paths of images to be shown, and a title."""

    def __init__(self, name: str) -> None:
        super().__init__(TITLES[name])
        self._name = name
        self._facts: DataFacts | None = None
        self.look_for = label("", wrap=True)
        self.body.addWidget(self.look_for)
        self.notes = QVBoxLayout()
        self.notes.setSpacing(8)
        self.body.addLayout(self.notes)
        self.inner = QVBoxLayout()
        self.inner.setSpacing(8)
        self.body.addLayout(self.inner)
        self.about = label("", "small", wrap=True)
        self.body.addWidget(self.about)

    def take(self, facts: DataFacts) -> bool:
        """Show the findings beside this picture; False where the very same facts are shown already."""
        if facts is self._facts:
            return False
        self._facts = facts
        self.look_for.setText(look_for(self._name, facts.sizes, facts.kinds))
        self.look_for.setVisible(bool(self.look_for.text()))
        clear(self.notes)
        for note in facts.beside[self._name]:
            card = VerdictCard(str(note.severity), note.title, note.text)
            if note.paths:
                ask = partial(self.paths_asked.emit, note.paths, note.title)
                card.add_button(button(common.SHOW_IMAGES, on_click=ask))
            self.notes.addWidget(card)
        return True

    def say(self, *words: str) -> None:
        """Say what the picture is made of."""
        self.about.setText(" ".join(filter(None, words)))
        self.about.setVisible(bool(self.about.text()))


class BrightnessCard(PictureCard):
    """Curves of the grey values."""

    def __init__(self) -> None:
        super().__init__("brightness")
        self.rows = DensityRows()
        self._made: Pictures | None = None
        self.inner.addWidget(self.rows)

    def show_pictures(self, facts: DataFacts, made: Pictures | None) -> None:
        """Show these; None hides the picture until it is made."""
        other = self.take(facts) or made is not self._made
        self._made = made
        self.setVisible(made is not None)
        if made is not None and other:
            self.rows.show_pictures(made, facts.dots(), axis_of(made))
            self.say(about_curves(made), not_read(made))


class SizesCard(PictureCard):
    """Width and height; where all images have one size, only words."""

    def __init__(self) -> None:
        super().__init__("sizes")
        self.scatter, self.legend = SizeScatter(), SignLegend()
        self.inner.addWidget(self.legend)
        self.inner.addWidget(self.scatter)
        self.legend.chosen.connect(self.scatter.bring_out)

    def show_facts(self, facts: DataFacts) -> None:
        """Show the sizes of all images."""
        if not self.take(facts):
            return
        several = facts.sizes.only is None
        for made in (self.scatter, self.legend):
            made.setVisible(several)
        self.scatter.show_sizes(facts.sizes, facts.labels)
        self.legend.show_classes(facts.labels)
        self.say(about_sizes(facts.sizes))


class AverageCard(PictureCard):
    """Mean image and standard deviation of each class."""

    class_asked = Signal(int)

    def __init__(self) -> None:
        super().__init__("average")
        self._made: Pictures | None = None
        self.own = button(texts.OWN_WINDOW, "chip", self._draw)
        self.own.setCheckable(True)
        self.own.setToolTip(texts.OWN_WINDOW_HELP)
        self._tiles = QWidget()
        self._flow = FlowLayout(self._tiles, 8)
        self.tiles: list[MeanTile] = []
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self._tiles.setSizePolicy(policy)
        self.inner.addWidget(self._tiles)
        self.inner.addWidget(self.own, 0, Qt.AlignmentFlag.AlignLeft)

    def show_pictures(self, facts: DataFacts, made: Pictures | None) -> None:
        """Show these; None hides the pictures until they are made."""
        self.take(facts)
        self.setVisible(made is not None)
        if made is None or made is self._made:
            return
        self._made = made
        self._draw()
        self.say(about_average(made))

    def _draw(self) -> None:
        made = self._made
        if made is None:
            return
        for old in self.tiles:
            self._flow.removeWidget(old)
            old.hide()
            old.deleteLater()
        shown = [number for number, images in enumerate(made.images) if images]
        side = 180 if len(shown) <= 3 else 140 if len(shown) <= 6 else 100
        self.tiles = []
        for number in shown:
            tile = MeanTile(made, number, side, self._tiles, own=self.own.isChecked())
            tile.clicked.connect(partial(self.class_asked.emit, number))
            self._flow.addWidget(tile)
            tile.show()
            self.tiles.append(tile)
        self._fit()

    def _fit(self) -> None:
        for tile in self.tiles:
            tile.fit(self.width() - MARGINS)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()


class KindsCard(PictureCard):
    """Kinds of file by class; where there is only one, only words."""

    kind_asked = Signal(object, int)
    """Kind, and number of the class, whose images are wanted."""

    def __init__(self) -> None:
        super().__init__("kinds")
        self._table = QWidget()
        self._grid = QGridLayout(self._table)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(2)
        self.inner.addWidget(self._table)

    def show_facts(self, facts: DataFacts) -> None:
        """Show the kinds of all images."""
        if not self.take(facts):
            return
        kinds = facts.kinds[:MOST_KINDS]
        clear(self._grid)
        self._table.setVisible(len(facts.kinds) > 1)
        right = Qt.AlignmentFlag.AlignRight
        for column, kind in enumerate(kinds, 1):
            self._grid.addWidget(label(kind.words.replace(", ", "\n"), "small"), 0, column, right)
        for row, name in enumerate(facts.labels, 1):
            self._grid.addWidget(label(name, "heading", wrap=True), row, 0)
            for column, kind in enumerate(kinds, 1):
                number = kind.images[row - 1]
                ask = partial(self.kind_asked.emit, kind, row - 1)
                made = button(f"{number:,}", "link", ask, name=f"{name}, {kind.words}: {number:,}")
                self._grid.addWidget(made if number else label("–", "muted"), row, column, right)
        self._grid.setColumnStretch(0, 1)
        self.say(about_kinds(facts.kinds))
