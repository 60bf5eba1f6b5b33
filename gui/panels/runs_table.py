"""All runs of the study side by side."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.study.run_folder import RunFolder
from counterpoise.gui.form_fields import form_fields
from counterpoise.gui.jobs import in_background
from counterpoise.gui.session import Session
from counterpoise.gui.texts import results as texts
from counterpoise.gui.theme import px
from counterpoise.gui.widgets.cards import Card

ROW = 32
RUN = int(Qt.ItemDataRole.UserRole)


@dataclass(frozen=True)
class RunLine:
    run: RunFolder
    cells: tuple[str, ...]


class RunsCard(Card):
    """A table; a double click or Return looks at a run."""

    run_chosen = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(texts.COMPARE, texts.COMPARE_NOTE, parent)
        self._session = session
        self.table = QTableWidget(0, len(texts.COMPARE_COLUMNS))
        self.table.setHorizontalHeaderLabels(list(texts.COMPARE_COLUMNS))
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(px(ROW))
        self.table.setShowGrid(False)
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
        self.table.setAccessibleName(texts.COMPARE)
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.table.itemActivated.connect(self._activated)
        self.body.addWidget(self.table)

    def refresh(self) -> None:
        """Read all runs anew, in the background."""
        runs = self._session.runs()
        in_background(lambda: [line for run in runs if (line := _line(run))], self._show)

    def _show(self, lines: list[RunLine]) -> None:
        self.table.setRowCount(len(lines))
        for row, line in enumerate(lines):
            for column, words in enumerate(line.cells):
                item = QTableWidgetItem(words)
                item.setData(RUN, str(line.run.root))
                self.table.setItem(row, column, item)
            if line.run == self._session.run:
                self.table.selectRow(row)
        header = self.table.horizontalHeader().sizeHint().height()
        self.table.setMinimumHeight(header + min(len(lines), 8) * px(ROW) + 6)

    def _activated(self, item: QTableWidgetItem) -> None:
        self.run_chosen.emit(RunFolder(Path(item.data(RUN))))


def _line(run: RunFolder) -> RunLine | None:
    """Return a run's row; None for one that hasn't finished or can't be read."""
    from counterpoise.core.evaluation.metrics_file import read_metrics
    from counterpoise.core.training.record import read_config

    if not run.is_finished:
        return None
    try:
        config, metrics = read_config(run), read_metrics(run.metrics)
    except CounterpoiseError:
        return None
    tests = [e for e in metrics["evaluations"] if e.get("split") == "test"]
    known, settings = form_fields(), config.settings
    return RunLine(
        run,
        (
            run.root.name,
            known["model.mode"].choices[settings.model.mode],
            _auc(metrics.get("validation")),
            _auc(tests[-1]) if tests else texts.CLOSED,
            known["weighting.method"].choices[settings.weighting.method],
            known["scaling.method"].choices[settings.scaling.method],
            texts.opened_words(metrics["openings"]),
        ),
    )


def _auc(figures: Mapping[str, Any] | None) -> str:
    return " ".join(texts.metric("auc", figures["metrics"]["auc"], brackets=True)) if figures else "–"
