"""Ways to tell patients apart that names have no part in: a labels file, DICOM, or each image by itself."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QPushButton, QVBoxLayout, QWidget

from counterpoise.core.catalog.labels_trial import LabelsTrial
from counterpoise.gui.patients import PatientWork
from counterpoise.gui.session import Session
from counterpoise.gui.texts import patients as texts
from counterpoise.gui.widgets.flow_layout import FlowLayout
from counterpoise.gui.widgets.labels import button, label


class OtherWays(QWidget):
    """A labels file is tried before it is used; the others are one click each."""

    chosen = Signal(dict, str)
    """Settings by dotted key, and what they do in words."""

    def __init__(self, session: Session, work: PatientWork, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._work = session, work
        self._trial: LabelsTrial | None = None
        self._told: str | None = None
        """The labels file that the words speak of."""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        row = FlowLayout()
        self.labels = _small(texts.LABELS, texts.LABELS_HELP, self._choose_file)
        self.no_labels = _small(texts.NO_LABELS, texts.NO_LABELS_HELP, self._leave_labels)
        self.dicom = self._way(texts.DICOM, texts.DICOM_HELP, "patient-id")
        self.each = self._way(texts.EACH, texts.EACH_HELP, "none")
        self.automatic = self._way(texts.AUTOMATIC, texts.AUTOMATIC_HELP, "auto")
        for made in (self.labels, self.no_labels, self.dicom, self.each, self.automatic):
            row.addWidget(made)
        column.addLayout(row)
        self.words = label("", "muted", wrap=True)
        self.use = button(texts.USE, "primary", self._accept)
        column.addWidget(self.words)
        column.addWidget(self.use, 0, Qt.AlignmentFlag.AlignLeft)
        self._say("")
        work.labels_tried.connect(self._tried)

    def _way(self, words: str, help_text: str, value: str) -> QPushButton:
        return _small(
            words, help_text, lambda: self._choose({"data.group_by": value}, texts.APPLIED_WAYS[value])
        )

    def clear(self) -> None:
        """Forget the labels file that was tried."""
        self._say("")

    def show_ways(self) -> None:
        """Offer what makes sense for the images in hand."""
        settings, study, catalog = self._session.settings.data, self._session.study, self._session.catalog
        self.dicom.setVisible(self._work.patients.has_dicom)
        for made, value in ((self.dicom, "patient-id"), (self.each, "none"), (self.automatic, "auto")):
            made.setEnabled(settings.group_by != value)
        self.no_labels.setVisible(settings.labels is not None)
        if self._trial is None and settings.labels != self._told:
            self._told = settings.labels
            self._say("")
        fixed = study is not None and study.labels is not None
        one = catalog is not None and catalog.sources.root is not None
        self.labels.setEnabled(one and not fixed)
        help_text = texts.LABELS_OF_STUDY if fixed else texts.LABELS_HELP if one else texts.LABELS_ONE_FOLDER
        self.labels.setToolTip(help_text)
        self.labels.setAccessibleDescription(help_text)

    def _choose(self, changes: Mapping[str, Any], what: str) -> None:
        self.chosen.emit(dict(changes), what)

    # ---- a labels file

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
        self._say(texts.TRYING)
        self._work.try_labels(file)

    def _tried(self, answer: LabelsTrial | str) -> None:
        if isinstance(answer, str):
            self._say(answer)
        elif not answer.named:
            self._say(texts.NAMES_NONE)
        elif not answer.patients:
            self._say(texts.NO_PATIENTS)
        else:
            self._say(texts.labels(answer), answer)

    def _say(self, words: str, trial: LabelsTrial | None = None) -> None:
        self._trial = trial
        file = self._session.settings.data.labels
        now = texts.LABELS_NOW.format(file=Path(file).name) if file else texts.LABELS_HELP
        self.words.setText(words or now)
        self.use.setVisible(trial is not None)

    def _accept(self) -> None:
        trial = self._trial
        if trial is not None:
            self._say("")
            changes = {"data.labels": str(trial.file), "data.group_by": "csv"}
            self._choose(changes, texts.APPLIED.format(how=trial.file.name))

    def _leave_labels(self) -> None:
        by_file = self._session.settings.data.group_by == "csv"
        changes: dict[str, Any] = {"data.labels": None}
        self._choose(changes | ({"data.group_by": "auto"} if by_file else {}), texts.NO_LABELS_APPLIED)


def _small(words: str, help_text: str, on_click: Any) -> QPushButton:
    made = button(words, "small", on_click)
    made.setToolTip(help_text)
    made.setAccessibleDescription(help_text)
    return made
