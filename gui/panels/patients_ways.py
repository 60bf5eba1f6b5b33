"""How patients could be told apart: by what names offer, a pattern of one's own, a labels file, DICOM."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QFrame, QGridLayout, QVBoxLayout, QWidget

from counterpoise.core.catalog.labels_trial import LabelsTrial
from counterpoise.core.catalog.name_preview import Preview
from counterpoise.gui.panels.own_pattern import OwnPattern
from counterpoise.gui.patients import PatientWork
from counterpoise.gui.session import Session
from counterpoise.gui.texts import patients as texts
from counterpoise.gui.widgets.cards import Card
from counterpoise.gui.widgets.clearing import clear
from counterpoise.gui.widgets.flow_layout import FlowLayout
from counterpoise.gui.widgets.labels import button, label
from counterpoise.gui.widgets.pattern_card import PatternCard
from counterpoise.gui.widgets.scrolling import scrolling

_NARROW = ((0, 0, 1, 1), (1, 0, 1, 1), (2, 0, 1, 1))
_WIDE = ((0, 0, 1, 1), (0, 1, 4, 1), (1, 0, 1, 1))
"""Row, column, rows and columns of what is offered, of one's own pattern, and of the others."""


class PatientsWays(Card):
    """Every way is taken by one click, which can be taken back."""

    chosen = Signal(dict, str)
    """Settings by dotted key, and the way in words."""

    def __init__(self, session: Session, work: PatientWork, parent: QWidget | None = None) -> None:
        super().__init__(texts.WAYS, parent=parent)
        self._session, self._work = session, work
        inner = QWidget()
        self.grid = QGridLayout(inner)
        self.grid.setContentsMargins(0, 0, 8, 0)
        self.grid.setSpacing(12)
        self.offers = QWidget()
        offers = QVBoxLayout(self.offers)
        offers.setContentsMargins(0, 0, 0, 0)
        self.proposals = QVBoxLayout()
        self.proposals.setSpacing(10)
        offers.addLayout(self.proposals)
        self.no_proposal = label("", "muted", wrap=True)
        offers.addWidget(self.no_proposal)
        self.own = OwnPattern(work)
        self.own.accepted.connect(self._accept)
        self.own.answered.connect(self._show_answer)
        self.own_section = _section(label(texts.OWN_TITLE, "heading"), self.own)
        self.others_title = label("", "heading")
        self.others = _section(self.others_title, self._others())
        self.area = scrolling(inner)
        self.body.addWidget(self.area)
        self.set_wide(False)
        self._shown: object = None
        work.labels_tried.connect(self._labels_tried)
        session.study_changed.connect(self._forget)

    def _forget(self) -> None:
        """Another study: what was tried was tried on other names."""
        self.own.clear()
        self._say_labels("")

    def _others(self) -> QWidget:
        others = QWidget()
        column = QVBoxLayout(others)
        column.setContentsMargins(0, 0, 0, 0)
        row = FlowLayout()
        self.labels = button(texts.LABELS, "small", self._choose_file)
        self.dicom = self._way(texts.DICOM, texts.DICOM_HELP, "patient-id")
        self.each = self._way(texts.EACH, texts.EACH_HELP, "none")
        self.automatic = self._way(texts.AUTOMATIC, texts.AUTOMATIC_HELP, "auto")
        for made in (self.labels, self.dicom, self.each, self.automatic):
            row.addWidget(made)
        column.addLayout(row)
        self.labels_words = label("", "muted", wrap=True)
        self.use_labels = button(texts.USE, "primary", self._accept_labels)
        column.addWidget(self.labels_words)
        column.addWidget(self.use_labels)
        self._trial: LabelsTrial | None = None
        self._say_labels("")
        return others

    def _way(self, words: str, help_text: str, value: str) -> Any:
        made = button(words, "small", lambda: self._choose({"data.group_by": value}, words))
        made.setToolTip(help_text)
        made.setAccessibleDescription(help_text)
        return made

    # ---- what is shown

    def set_wide(self, wide: bool) -> None:
        """Lay what is offered beside one's own pattern, or above it."""
        places = _WIDE if wide else _NARROW
        for made, place in zip((self.offers, self.own_section, self.others), places, strict=True):
            self.grid.addWidget(made, *place, Qt.AlignmentFlag.AlignTop)  # taken from its place before
        self.grid.setColumnStretch(0, 1)
        self.grid.setColumnStretch(1, int(wide))
        self.grid.setRowStretch(3, 1)

    def _show_answer(self) -> None:
        """What a pattern does is seen without scrolling."""
        self.area.ensureWidgetVisible(self.own, 0, 12)

    def show_ways(self) -> None:
        """Show what the work has found for the images in hand."""
        settings = self._session.settings.data
        known = self._work.patients.known
        self.set_title(texts.OTHER_WAYS if known else texts.WAYS)
        now = (self._work.proposals, settings.group_by, known)
        if now != self._shown:
            self._shown = now
            clear(self.proposals)
            for place, preview in enumerate(self._work.proposals):
                card = PatternCard(
                    preview,
                    likely=place == 0 and not known and settings.group_by != "none",
                    in_use=preview.group_by == settings.group_by,
                )
                card.accepted.connect(self._accept)
                self.proposals.addWidget(card)
            self.own.try_again()
        self.no_proposal.setText(texts.NO_PROPOSAL if self._work.ready else "")
        self.no_proposal.setVisible(not self._work.proposals)
        self._show_others(self._work.patients.has_dicom)

    def _show_others(self, dicom: bool) -> None:
        group_by = self._session.settings.data.group_by
        study, catalog = self._session.study, self._session.catalog
        self.others_title.setText(texts.OTHERS_TITLE[dicom])
        self.dicom.setVisible(dicom)
        for made, value in ((self.dicom, "patient-id"), (self.each, "none"), (self.automatic, "auto")):
            made.setEnabled(group_by != value)
        fixed = study is not None and study.labels is not None
        one = catalog is not None and catalog.sources.root is not None
        self.labels.setEnabled(one and not fixed)
        help_text = texts.LABELS_OF_STUDY if fixed else texts.LABELS_HELP if one else texts.LABELS_ONE_FOLDER
        self.labels.setToolTip(help_text)
        self.labels.setAccessibleDescription(help_text)

    # ---- what is chosen

    def _accept(self, preview: Preview) -> None:
        how = preview.words or texts.OWN_PATTERN_WORDS.format(regex=preview.regex)
        self._choose({"data.group_by": preview.group_by}, how)

    def _choose(self, changes: Mapping[str, Any], how: str) -> None:
        self.chosen.emit(dict(changes), how)

    def _choose_file(self) -> None:
        dialog = QFileDialog(self, texts.LABELS_DIALOG, "", texts.LABELS_FILTER)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        catalog = self._session.catalog
        if catalog is not None and catalog.sources.root is not None:
            dialog.setDirectory(str(catalog.sources.root))
        dialog.fileSelected.connect(lambda path: self.try_labels(Path(path)))
        dialog.open()

    def try_labels(self, file: Path) -> None:
        """Say what a labels file would change; then it can be used."""
        self._say_labels(texts.TRYING)
        self._work.try_labels(file)

    def _labels_tried(self, answer: LabelsTrial | str) -> None:
        if isinstance(answer, str):
            self._say_labels(answer)
        elif not answer.named:
            self._say_labels(texts.NAMES_NONE)
        elif not answer.patients:
            self._say_labels(texts.NO_PATIENTS)
        else:
            self._say_labels(texts.labels(answer), answer)

    def _say_labels(self, words: str, trial: LabelsTrial | None = None) -> None:
        self._trial = trial
        self.labels_words.setText(words or texts.LABELS_HELP)
        self.use_labels.setVisible(trial is not None)

    def _accept_labels(self) -> None:
        trial = self._trial
        if trial is not None:
            self._say_labels("")
            self._choose({"data.labels": str(trial.file), "data.group_by": "csv"}, trial.file.name)

    def close_down(self) -> None:
        self.own.close_down()


def _section(title: QWidget, widget: QWidget) -> QFrame:
    frame = QFrame()
    frame.setProperty("kind", "well")
    column = QVBoxLayout(frame)
    column.setContentsMargins(12, 10, 12, 12)
    column.setSpacing(6)
    column.addWidget(title)
    column.addWidget(widget)
    return frame
