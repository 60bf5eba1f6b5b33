"""A pattern of one's own, with what it does to the real names while it is typed."""

import re

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from counterpoise.core.catalog.name_candidates import FOLDER_ABOVE, Candidate, before_first, before_last
from counterpoise.core.catalog.name_preview import Preview
from counterpoise.gui.patients import PatientWork
from counterpoise.gui.texts import patients as texts
from counterpoise.gui.theme import restyle
from counterpoise.gui.widgets.choices import Chips
from counterpoise.gui.widgets.labels import button, label
from counterpoise.gui.widgets.pattern_card import PatternBody

WAIT_MS = 250
"""After the last key."""
NAME, FOLDER = "name", "folder"


def presets() -> tuple[Candidate, ...]:
    """Return what to start from."""
    return (
        before_first("_"),
        before_first("-"),
        before_first(" "),
        before_last("_"),
        before_last("-"),
        FOLDER_ABOVE,
    )


class OwnPattern(QWidget):
    """Tells of a pattern only once it was tried."""

    accepted = Signal(object)
    """The Preview."""
    answered = Signal()
    """There is something new to be read below the field."""

    def __init__(self, work: PatientWork, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._preview: Preview | None = None
        self._later = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._later.timeout.connect(self._try)
        self._soon = QTimer(self, singleShot=True, interval=0)  # once it is laid out
        self._soon.timeout.connect(self.answered)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(7)
        column.addWidget(label(texts.OWN_HELP, "muted", wrap=True))
        self.preset = QComboBox()
        self.preset.setAccessibleName(texts.PRESETS)
        self.preset.addItem(texts.PRESETS, "")
        for made in presets():
            self.preset.addItem(made.words[:1].upper() + made.words[1:], made.group_by)
        self.preset.activated.connect(self._take_preset)
        column.addWidget(self.preset)
        self.of = Chips([(NAME, texts.OF_NAME), (FOLDER, texts.OF_FOLDER)])
        self.of.set_chosen(NAME)
        self.of.chosen.connect(lambda _: self._typed())
        column.addWidget(self.of)
        row = QHBoxLayout()
        row.setSpacing(8)
        self.regex = QLineEdit()
        self.regex.setAccessibleName(texts.REGEX)
        self.regex.setPlaceholderText(texts.EXAMPLES[NAME])
        self.regex.textChanged.connect(lambda _: self._typed())
        self.regex.returnPressed.connect(self._accept)
        self.use = button(texts.USE, on_click=self._accept)
        row.addWidget(self.regex, 1)
        row.addWidget(self.use)
        column.addLayout(row)
        self.body = PatternBody()
        self.words = label("", "muted", wrap=True)
        column.addWidget(self.body)
        column.addWidget(self.words)
        work.tried.connect(self._tried)
        self._show(None, "")

    @property
    def group_by(self) -> str:
        return f"{self.of.current}:{self.regex.text().strip()}"

    def _take_preset(self, place: int) -> None:
        of, _, regex = str(self.preset.itemData(place)).partition(":")
        if of:
            self.of.set_chosen(of)
            self.regex.setText(regex)
            self.regex.setCursorPosition(0)

    def _typed(self) -> None:
        self.regex.setPlaceholderText(texts.EXAMPLES[self.of.current])
        known = self.preset.findData(self.group_by)
        self.preset.setCurrentIndex(max(known, 0))
        fault = self._fault() if self.regex.text().strip() else ""
        self._show(None, fault or (texts.TRYING if self.regex.text().strip() else ""), wrong=bool(fault))
        if self.regex.text().strip() and not fault:
            self._later.start()
        else:
            self._later.stop()

    def _fault(self) -> str:
        try:
            compiled = re.compile(self.regex.text().strip())
        except re.error as error:
            return texts.no_regex(str(error))
        return "" if compiled.groups else texts.no_group(self.of.current)

    def _try(self) -> None:
        self._work.try_pattern(self.group_by)

    def try_again(self) -> None:
        """The images are others now."""
        if self.regex.text().strip():
            self._typed()

    def _tried(self, group_by: str, answer: Preview | str) -> None:
        if group_by != self.group_by:
            return
        if isinstance(answer, str):
            self._show(None, answer, wrong=True)
        elif not answer.fits:
            self._show(None, texts.fits_nothing(answer), wrong=True)
        else:
            self._show(answer, "")
        if self.regex.hasFocus() or self.preset.hasFocus():
            self._soon.start()

    def clear(self) -> None:
        """Begin anew."""
        self.of.set_chosen(NAME)
        self.regex.clear()

    def _show(self, preview: Preview | None, words: str, *, wrong: bool = False) -> None:
        self._preview = preview
        self.use.setEnabled(preview is not None)
        self.body.setVisible(preview is not None)
        if preview is not None:
            self.body.show_preview(preview)
        self.words.setText(words)
        self.words.setVisible(bool(words))
        role = "error" if wrong else "muted"
        if self.words.property("role") != role:
            self.words.setProperty("role", role)
            restyle(self.words)

    def _accept(self) -> None:
        if self._preview is not None:
            self.accepted.emit(self._preview)

    def close_down(self) -> None:
        self._later.stop()
