"""Figures with their 95 % intervals, the plain ones first."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from counterpoise.gui.outcome import Outcome
from counterpoise.gui.texts import results as texts
from counterpoise.gui.theme import px
from counterpoise.gui.widgets.cards import Card
from counterpoise.gui.widgets.clearing import clear
from counterpoise.gui.widgets.labels import label

OF_TWO = ("auc", "sensitivity", "specificity", "ppv", "brier")
OF_SEVERAL = ("auc", "accuracy", "balanced_accuracy", "macro_f1", "brier")
PER_CLASS = ("sensitivity", "specificity", "ppv", "auc")
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class FiguresCard(Card):
    """Name, value, interval; with the figures from inside the training part below where there are any."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(texts.FIGURES_TITLE, texts.INTERVAL_NOTE, parent)
        self._grid = QGridLayout()
        self._grid.setVerticalSpacing(6)
        self._grid.setHorizontalSpacing(14)
        self._grid.setColumnStretch(0, 1)
        self.body.addLayout(self._grid)
        self.body.addStretch(1)
        self.note = label("", "small", wrap=True)
        self.body.addWidget(self.note)
        self.shown: dict[str, str] = {}
        """What stands there, by metric."""

    def set_outcome(self, outcome: Outcome) -> None:
        clear(self._grid)
        self.shown = {}
        figures = outcome.figures
        if figures is None:
            return
        of = outcome.of_interest
        names = OF_TWO if of else OF_SEVERAL
        for row, name in enumerate(names):
            entry = _entry(figures, name, of)
            prevalence = figures.get("prevalence") if name == "ppv" else None
            self._row(row, name, entry, prevalence)
        if outcome.shown == "val":
            self.note.setText(_crossed(outcome.cross_validated))
        elif (validation := outcome.validation) is not None:
            self.note.setText(texts.on_validation([(n, _entry(validation, n, of)) for n in names]))
        else:
            self.note.setText("")
        self.note.setVisible(bool(self.note.text()))

    def _row(self, row: int, name: str, entry: Mapping[str, Any] | None, prevalence: float | None) -> None:
        title = label(texts.metric_name(name, prevalence), wrap=True)
        title.setToolTip(texts.METRIC_HELP[name])
        value, interval = texts.metric(name, entry)
        figure, between = label(value, "heading"), label(interval, "muted")
        for widget in (figure, between):
            widget.setAlignment(RIGHT)
        self._grid.addWidget(title, row, 0)
        self._grid.addWidget(figure, row, 1)
        self._grid.addWidget(between, row, 2)
        self.shown[name] = value


def _entry(figures: Mapping[str, Any], name: str, of: str | None) -> Mapping[str, Any] | None:
    """Return a metric of all, else that of the class of interest."""
    found: Mapping[str, Any] | None = figures["metrics"].get(name)
    return figures["per_class"][of].get(name) if found is None and of else found


def _crossed(cross_validated: Mapping[str, Any] | None) -> str:
    if not cross_validated:
        return texts.VALIDATION_NOTE
    value, interval = texts.metric("auc", cross_validated["metrics"]["auc"])
    return texts.crossed(value, interval)


class ClassTable(Card):
    """Figures of each class against all others, for three classes and more."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(texts.CLASSES_TITLE, texts.CLASSES_NOTE, parent)
        self.table = QTableWidget(0, len(texts.CLASS_COLUMNS))
        self.table.setHorizontalHeaderLabels(list(texts.CLASS_COLUMNS))
        self.table.horizontalHeader().setDefaultAlignment(RIGHT)
        if (first := self.table.horizontalHeaderItem(0)) is not None:
            first.setTextAlignment(Qt.AlignmentFlag.AlignLeft)
        self.table.verticalHeader().hide()
        self.table.setShowGrid(False)
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.table.setAccessibleName(texts.CLASSES_TITLE)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.table.verticalHeader().setDefaultSectionSize(px(26))
        self.body.addWidget(self.table)

    def set_figures(self, figures: Mapping[str, Any]) -> None:
        classes = figures["per_class"]
        self.table.setRowCount(len(classes))
        for row, (name, entry) in enumerate(classes.items()):
            cells = [name, *(" ".join(texts.metric(m, entry[m], brackets=True)) for m in PER_CLASS)]
            for column, words in enumerate([*cells, f"{entry['n']:,}"]):
                item = QTableWidgetItem(words)
                if column:
                    item.setTextAlignment(RIGHT)
                self.table.setItem(row, column, item)
        header = self.table.horizontalHeader().sizeHint().height()
        self.table.setFixedHeight(header + len(classes) * px(26) + 6)
