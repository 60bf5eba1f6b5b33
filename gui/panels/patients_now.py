"""How patients are told apart at the moment: in words, as bars, and each patient in a table."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from counterpoise.core.catalog.groups import PATTERN_PREFIXES
from counterpoise.core.catalog.patients import Patients
from counterpoise.gui.texts import patients as texts
from counterpoise.gui.widgets.cards import Card
from counterpoise.gui.widgets.choices import Chips
from counterpoise.gui.widgets.labels import label
from counterpoise.gui.widgets.patient_bars import PatientBars
from counterpoise.gui.widgets.patients_table import PatientsTable
from counterpoise.gui.widgets.progress import Progress

ALL, CLASSES, PARTS = "all", "classes", "parts"


class PatientsNow(Card):
    """Shows what is known; a patient that is chosen is asked for."""

    patient_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._patients = Patients()
        self.sentence = label("", "lead", wrap=True)
        self.source = label("", "muted", wrap=True)
        self.busy, self.progress = label("", "small"), Progress()
        self.fault = label("", "error", wrap=True)
        for made in (self.sentence, self.source, self.fault, self.progress, self.busy):
            self.body.addWidget(made)
        self.fault.hide()
        self.known = QWidget()
        column = QVBoxLayout(self.known)
        column.setContentsMargins(0, 6, 0, 0)
        column.setSpacing(8)
        column.addWidget(label(texts.PER_PATIENT, "heading"))
        self.bars = PatientBars()
        column.addWidget(self.bars)
        self.which = Chips([(ALL, ""), (CLASSES, ""), (PARTS, "")])
        self.which.set_chosen(ALL)
        self.which.chosen.connect(lambda _: self._show_table())
        column.addWidget(self.which)
        self.table = PatientsTable()
        self.table.patient_chosen.connect(self.patient_chosen)
        column.addWidget(self.table, 1)
        self.body.addWidget(self.known, 1)

    def show_busy(self, words: str) -> None:
        """Say what goes on; nothing where ``words`` are empty."""
        self.busy.setText(words)
        self.busy.setVisible(bool(words))
        self.progress.setVisible(bool(words))
        if words:
            self.progress.set_busy()

    def show_nothing(self, words: str) -> None:
        """Say why nothing is known yet."""
        self._patients = Patients()
        self.known.hide()
        self.sentence.setText(words)
        self.source.setText("")

    def show_patients(self, patients: Patients, group_by: str, labels_file: str, proposed: bool) -> None:
        """Show patients told apart by ``group_by``; ``proposed`` says whether names offer a way."""
        if patients is not self._patients:
            self.which.set_chosen(ALL)
        self._patients = patients
        self.known.setVisible(patients.known)
        if patients.known:
            words = patients.words or texts.OWN_PATTERN_WORDS.format(regex=group_by.partition(":")[2])
            self.sentence.setText(texts.told_apart(len(patients.each), patients.images, patients.unknown))
            self.source.setText(f"{texts.source(patients.source, words, labels_file)} {texts.KEPT_TOGETHER}")
            self.bars.show_bars(patients.bars)
            self._show_chips()
            self._show_table()
            return
        self._show_unknown(patients, group_by, proposed)

    def _show_unknown(self, patients: Patients, group_by: str, proposed: bool) -> None:
        do = texts.UNKNOWN_DO_PROPOSED if proposed else texts.UNKNOWN_DO
        if group_by == "none":
            sentence, said = texts.OWN_EACH, [texts.OWN_EACH_HELP]
        elif group_by.startswith(PATTERN_PREFIXES):
            sentence, said = texts.NO_MATCH, [texts.NO_MATCH_HELP.format(pattern=group_by), do]
        else:
            sentence = texts.UNKNOWN
            said = [texts.FRAMES if patients.each else "", texts.UNKNOWN_HELP, do]
        self.sentence.setText(sentence)
        self.source.setText(" ".join(filter(None, said)))

    def _show_chips(self) -> None:
        patients, chips = self._patients, self.which.buttons
        numbers = {CLASSES: len(patients.in_several_classes), PARTS: len(patients.in_several_parts)}
        chips[ALL].setText(texts.chip(texts.ALL, len(patients.each)))
        chips[CLASSES].setText(texts.chip(texts.SEVERAL_CLASSES, numbers[CLASSES]))
        chips[PARTS].setText(texts.chip(texts.SEVERAL_PARTS, numbers[PARTS]))
        for name, number in numbers.items():
            chips[name].setVisible(bool(number))
        self.which.setVisible(any(numbers.values()))
        if not numbers.get(self.which.current, 1):
            self.which.set_chosen(ALL)

    def _show_table(self) -> None:
        patients = self._patients
        lists = {CLASSES: patients.in_several_classes, PARTS: patients.in_several_parts}
        self.table.show_patients(lists.get(self.which.current, patients.each))
