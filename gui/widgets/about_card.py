"""What is known of an image that identifies nobody."""

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from counterpoise.core.catalog.types import ImageRecord
from counterpoise.gui.texts import common
from counterpoise.gui.texts import viewer as texts
from counterpoise.gui.texts.gallery import patient
from counterpoise.gui.widgets.cards import Card
from counterpoise.gui.widgets.clearing import clear
from counterpoise.gui.widgets.labels import label

if TYPE_CHECKING:
    from counterpoise.gui.opened import Opened


class AboutCard(Card):
    """Name, label and place first; what the file says as soon as it is opened."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(" ", parent=parent)
        self.title_label.setWordWrap(True)
        self.head.setStretchFactor(self.title_label, 1)
        self.head.takeAt(self.head.count() - 1)
        self._label = label("", wrap=True)
        self._format = label("", "small", wrap=True)
        self._path = label("", "small", wrap=True)
        self._patient = label("", "small", wrap=True)
        self._finding = label("", "badge", wrap=True)
        for words in (self._label, self._format, self._path, self._patient):
            self.body.addWidget(words)
        self.body.addWidget(self._finding, 0, Qt.AlignmentFlag.AlignLeft)
        self._table = QGridLayout()
        self._table.setHorizontalSpacing(12)
        self._table.setVerticalSpacing(3)
        self._table.setColumnStretch(1, 1)
        self.body.addLayout(self._table)
        self._nobody = label(texts.NOBODY, "small", wrap=True)
        self._nobody.hide()
        self.body.addWidget(self._nobody)
        self.rows: list[tuple[str, str]] = []

    def show_record(self, image: ImageRecord, badge: str) -> None:
        """Show what the catalog knows."""
        self.set_title(PurePosixPath(image.path).name)
        self.title_label.setText(texts.breakable(PurePosixPath(image.path).name))
        self.title_label.setToolTip(image.path)
        self._label.setText(f"{image.label} · {common.PARTS[image.part]}")
        self._format.setText(texts.facts(image.width, image.height, image.channels, image.bits, image.format))
        self._path.setText(texts.breakable(image.path))
        self._patient.setText(patient(image.group))
        self._patient.setVisible(bool(image.group))
        self._finding.setText(badge)
        self._finding.setVisible(bool(badge))

    def show_opened(self, found: "Opened | None") -> None:
        """Show what the file says; None empties the table."""
        rows = texts.about(found.frame, found.about) if found else []
        if rows == self.rows:
            return
        self.rows = rows
        clear(self._table)
        for number, (name, told) in enumerate(rows):
            self._table.addWidget(label(name, "small"), number, 0, Qt.AlignmentFlag.AlignTop)
            self._table.addWidget(_selectable(told), number, 1)
        self._nobody.setVisible(bool(rows))


def _selectable(words: str) -> QLabel:
    made = label(words, wrap=True)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made
