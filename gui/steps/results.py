"""The step that says what the model can do, first in one sentence."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from counterpoise.core.study.run_folder import RunFolder
from counterpoise.gui.jobs import JobThread, in_background
from counterpoise.gui.outcome import Outcome, read_outcome
from counterpoise.gui.panels.figures import ClassTable, FiguresCard
from counterpoise.gui.panels.headline import Headline
from counterpoise.gui.panels.line import LineCard
from counterpoise.gui.panels.mixed_up import MixedUpCard, PublicNames, WorstErrors
from counterpoise.gui.panels.runs_table import RunsCard
from counterpoise.gui.panels.try_it import TryCard
from counterpoise.gui.run_jobs import ReportRequest
from counterpoise.gui.steps.base import State, Step
from counterpoise.gui.texts import results as texts
from counterpoise.gui.widgets.cards import Card
from counterpoise.gui.widgets.clearing import clear
from counterpoise.gui.widgets.finding_card import VerdictCard
from counterpoise.gui.widgets.labels import button, label


class ResultsStep(Step):
    name = "results"
    title = texts.TITLE
    subtitle = texts.SUBTITLE

    def build(self) -> None:
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)  # with large text
        self.outcome: Outcome | None = None
        self._thread: JobThread | None = None
        self._reading = 0
        self.nothing = _Nothing()
        self.nothing.train.clicked.connect(lambda: self.wants_step.emit("train"))
        self.body.addWidget(self.nothing)
        self.runs = RunsCard(self.session)
        self.runs.run_chosen.connect(self._look_at)
        self.runs.hide()
        self.body.addWidget(self.runs)
        self.page = QWidget()
        self.body.addWidget(self.page, 1)
        self._lay_out(QVBoxLayout(self.page))
        self.compare_button = button(texts.COMPARE, on_click=self._compare)
        self.report_button = button(texts.REPORT, on_click=self._report)
        self.other_button = button(texts.OTHER, on_click=self._choose_other)
        self.body.addStretch(0)
        self.session.run_changed.connect(self.refresh)
        self.session.catalog_changed.connect(self._show)
        self.refresh()

    def _lay_out(self, column: QVBoxLayout) -> None:
        names = PublicNames(self.session)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        self.closed = _Closed()
        self.closed.open.clicked.connect(self.open_test_part)
        column.addWidget(self.closed)
        self.honest = VerdictCard("info", texts.HONEST_TITLE, texts.HONEST_END)
        column.addWidget(self.honest)
        self.worse = VerdictCard("warning", texts.WORSE_TITLE, texts.WORSE_TEXT)
        column.addWidget(self.worse)
        top = QHBoxLayout()
        top.setSpacing(16)
        self.headline, self.figures = Headline(), FiguresCard()
        top.addWidget(self.headline, 7)
        top.addWidget(self.figures, 4)
        column.addLayout(top)
        middle = QHBoxLayout()
        middle.setSpacing(16)
        self.line, self.mixed_up = LineCard(), MixedUpCard(self.session, names)
        self.errors, self.try_it = WorstErrors(self.session, names), TryCard()
        self.errors.images_asked.connect(self.session.show_images)
        right = QVBoxLayout()
        right.setSpacing(14)
        right.addWidget(self.errors)
        right.addWidget(self.try_it, 1)
        middle.addWidget(self.line, 10)
        middle.addWidget(self.mixed_up, 9)
        middle.addLayout(right, 8)
        column.addLayout(middle, 1)
        self.classes = ClassTable()
        column.addWidget(self.classes)
        self.other = QVBoxLayout()
        column.addLayout(self.other)
        self.said = label("", "small", wrap=True)
        column.addWidget(self.said)
        self.show_report = button(texts.SHOW_REPORT, "link")
        self.show_report.hide()
        self.show_report.clicked.connect(self._show_report)
        column.addWidget(self.show_report)

    # ---- the run in hand

    def refresh(self) -> None:
        """Read the session's run anew, in the background."""
        run = self.session.run
        self._reading += 1
        number = self._reading
        if run is None or not run.is_finished:
            self.outcome = None
            self._show()
            return
        in_background(lambda: (number, read_outcome(run)), self._read, self.session.problem.emit)
        if not self.runs.isHidden():
            self.runs.refresh()

    def _read(self, found: tuple[int, Outcome]) -> None:
        number, outcome = found
        if number == self._reading:
            if self.outcome is None or self.outcome.run != outcome.run:
                clear(self.other)  # it spoke of another run
            self.outcome = outcome
            self._show()

    def _show(self) -> None:
        outcome = self.outcome
        there = outcome is not None and outcome.figures is not None
        self.page.setVisible(there)
        self.nothing.setVisible(not there)
        several = len(self.session.runs()) > 1
        self.compare_button.setVisible(several)
        self.report_button.setVisible(there)
        self.other_button.setVisible(there)
        if outcome is not None and outcome.figures is not None:
            self.closed.setVisible(outcome.test is None)
            self.closed.set_images(outcome.test_images)
            self.honest.setVisible(outcome.no_better_than_chance)
            self._compare_parts(outcome)
            for panel in (self.headline, self.figures, self.line, self.mixed_up, self.errors):
                panel.set_outcome(outcome)
            self.classes.setVisible(outcome.of_interest is None)
            self.classes.set_figures(outcome.figures)
            self.try_it.set_run(outcome.run)
        self.state_changed.emit()

    def _compare_parts(self, outcome: Outcome) -> None:
        """Say on which images the figures are, and where test and validation disagree."""
        of_test = outcome.shown == "test"
        self.subtitle_label.setText(texts.SUBTITLE if of_test else texts.SUBTITLE_VALIDATION)
        name = outcome.worse_than_validation
        self.worse.setVisible(bool(name))
        if name and outcome.validation is not None:
            self.worse.title_label.setText(texts.worse(name, outcome.validation["metrics"][name]))

    def _look_at(self, run: RunFolder) -> None:
        self.session.set_run(run)

    def _compare(self) -> None:
        self.runs.setVisible(self.runs.isHidden())
        self.compare_button.setText(texts.COMPARE if self.runs.isHidden() else texts.BACK)
        if not self.runs.isHidden():
            self.runs.refresh()
            self.verticalScrollBar().setValue(0)

    # ---- children

    def open_test_part(self) -> None:
        """Evaluate the run on its test part; counted from here on."""
        from counterpoise.core.catalog.sources import sources_json

        outcome, catalog = self.outcome, self.session.catalog
        if outcome is None or self._thread is not None:
            return
        payload = {
            "run": str(outcome.run.root),
            "sources": sources_json(catalog.sources) if catalog is not None else None,
        }
        self._start("counterpoise.core.evaluation.evaluate:evaluate_job", payload, self._opened)
        self.closed.busy(texts.OPENING)

    def _opened(self, _figures: dict[str, Any]) -> None:
        if self.session.run is not None:
            self.session.set_run(self.session.run)

    def _choose_other(self) -> None:
        name = QFileDialog.getExistingDirectory(self, texts.OTHER)
        if name:
            self.judge_on(Path(name))

    def judge_on(self, folder: Path) -> None:
        """Judge the run on another labelled folder; its own test part stays as it is."""

        def look() -> dict[str, Any]:
            from counterpoise.core.catalog.sources import open_sources, sources_json

            return sources_json(open_sources(folder))

        def judge(sources: dict[str, Any]) -> None:
            if self.outcome is None or self._thread is not None:
                return
            clear(self.other)
            self.said.setText(texts.OTHER_BUSY.format(folder.name))
            payload = {"run": str(self.outcome.run.root), "sources": sources}
            self._start("counterpoise.core.evaluation.evaluate:evaluate_job", payload, told)

        def told(figures: dict[str, Any]) -> None:
            self.said.setText("")
            self.other.addWidget(VerdictCard("info", *texts.other(folder.name, figures)))

        in_background(look, judge, self.session.problem.emit)

    def _report(self) -> None:
        if self.outcome is None:
            return
        start = str(self.outcome.run.root.parent / f"{self.outcome.run.root.name} {texts.REPORT_NAME}")
        name, _ = QFileDialog.getSaveFileName(self, texts.REPORT, start, "HTML (*.html)")
        if name:
            self.write_report(Path(name))

    def write_report(self, out: Path) -> None:
        """Write the run's report in a child process."""
        if self.outcome is None or self._thread is not None:
            return
        catalog = self.session.catalog
        request = ReportRequest(self.outcome.run.root, out, catalog.sources if catalog else None)
        self.said.setText(texts.REPORTING)
        self._start("counterpoise.gui.run_jobs:report_job", request, self._reported)

    def _reported(self, out: str) -> None:
        self.said.setText(texts.REPORTED.format(out))
        self.show_report.setProperty("file", out)
        self.show_report.show()

    def _show_report(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.show_report.property("file"))))

    def _start(self, target: str, payload: Any, done: Any) -> None:
        from counterpoise.core.jobs.job import Job

        self._thread = thread = JobThread(Job(target, payload, name=target.rpartition(":")[2]), self)
        thread.progressed.connect(self._progressed)
        thread.finished_with.connect(done)
        thread.failed.connect(self._failed)
        thread.finished.connect(self._over)
        self.report_button.setEnabled(False)
        self.other_button.setEnabled(False)
        thread.start()

    def _progressed(self, event: dict[str, Any]) -> None:
        if self.said.text():  # it is no opening of the test part
            return
        words = texts.stage(
            str(event.get("stage", "")), int(event.get("done") or 0), int(event.get("total") or 0)
        )
        self.closed.busy(words)

    def _failed(self, event: dict[str, Any]) -> None:
        if self._thread is not None and not self._thread.cancelled:
            self.said.setText("")
            self.session.problem.emit(str(event["message"]))

    def _over(self) -> None:
        self.report_button.setEnabled(True)
        self.other_button.setEnabled(True)
        self.closed.ready()
        if self._thread is not None:
            self._thread.deleteLater()
            self._thread = None

    # ---- the step

    def extra_buttons(self) -> list[QPushButton]:
        return [self.compare_button, self.other_button, self.report_button]

    @property
    def state(self) -> State:
        if self.outcome is None:
            return State.TODO
        return State.DONE if self.outcome.test is not None else State.TODO

    @property
    def next_label(self) -> str:
        return texts.NEXT

    @property
    def next_enabled(self) -> bool:
        return self.outcome is not None

    def go_next(self) -> None:
        self.wants_step.emit("export")

    def close_down(self) -> None:
        self.errors.close_down()
        self.try_it.close_down()
        if self._thread is not None:
            self._thread.close()


class _Nothing(Card):
    """Seen while there is no trained model."""

    def __init__(self) -> None:
        super().__init__(texts.NO_RUN)
        self.body.addWidget(label(texts.NO_RUN_TEXT, "muted", wrap=True))
        row = QHBoxLayout()
        self.train = button(texts.TO_TRAINING)
        row.addWidget(self.train)
        row.addStretch(1)
        self.body.addLayout(row)


class _Closed(Card):
    """The test part behind one button that says what opening it means."""

    def __init__(self) -> None:
        super().__init__(texts.CLOSED_TITLE)
        row = QHBoxLayout()
        row.setSpacing(16)
        self.words = label("", "muted", wrap=True)
        row.addWidget(self.words, 1)
        self.open = button(texts.OPEN)
        row.addWidget(self.open)
        self.body.addLayout(row)

    def set_images(self, number: int) -> None:
        self.words.setText(texts.closed_text(number) if number else texts.NO_TEST)
        self.open.setVisible(number > 0)

    def busy(self, words: str) -> None:
        self.open.setEnabled(False)
        self.open.setText(words)

    def ready(self) -> None:
        self.open.setEnabled(True)
        self.open.setText(texts.OPEN)
