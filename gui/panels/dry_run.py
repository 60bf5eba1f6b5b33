"""The card that takes trial steps: a button, what goes on, what was measured and is to be expected."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from counterpoise.core.findings import Severity
from counterpoise.gui.newest_job import NewestJob
from counterpoise.gui.session import Session
from counterpoise.gui.texts import check as texts
from counterpoise.gui.widgets.cards import Card
from counterpoise.gui.widgets.clearing import clear
from counterpoise.gui.widgets.finding_card import VerdictCard
from counterpoise.gui.widgets.labels import button, label
from counterpoise.gui.widgets.progress import Progress

if TYPE_CHECKING:
    from counterpoise.core.safety.plan import Plan

CANCEL_GRACE = 1.0
"""Seconds that a cancelled dry run has to clear up; it has nothing to save."""


class DryRunCard(Card):
    """Starts and ends the dry run of the session's plan, and hands its outcome to the session."""

    began = Signal()
    stepped = Signal(dict)
    """A trial step: ``loss``, ``norm``, ``rate``."""
    ended = Signal(object)
    """The ``DryRun``; None where it was cancelled or couldn't be started."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(texts.DRY_RUN_TITLE, parent=parent)
        self._session = session
        self._plan: Plan | None = None
        """Of the run that goes on, or was the last."""
        self._steps = NewestJob(self)
        self._steps.progressed.connect(self._progressed)
        self._steps.finished_with.connect(self._tried)
        self._steps.failed.connect(self._failed)
        self.note = label(texts.DRY_RUN_TEXT, "muted", wrap=True)
        self.body.addWidget(self.note)
        self.progress = Progress()
        self.progress.set_busy()
        self.progress.hide()
        self.body.addWidget(self.progress)
        self.outcome = QVBoxLayout()
        self.body.addLayout(self.outcome)
        self._facts = QGridLayout()
        self._facts.setVerticalSpacing(4)
        self._facts.setColumnStretch(1, 1)
        self.body.addLayout(self._facts)
        row = QHBoxLayout()
        self.button = button(texts.DRY_RUN, "", self.toggle)
        row.addWidget(self.button)
        row.addStretch(1)
        self.body.addLayout(row)
        session.check_changed.connect(self.refresh)
        session.catalog_changed.connect(self.refresh)
        self.refresh()

    @property
    def busy(self) -> bool:
        return self._steps.running

    def toggle(self) -> None:
        """Start, or cancel the one that goes on."""
        if self.busy:
            self.cancel()
        else:
            self.start()

    def start(self) -> None:
        """Take trial steps with the settings in hand."""
        from counterpoise.core.jobs.job import Job

        plan = self._session.plan
        if plan is None:
            return
        self._job = Job("counterpoise.gui.run_jobs:dry_run_job", plan, name="dry run")
        self._plan = plan
        self._steps.start(self._job)
        self._clear()
        self.note.setText(texts.DRY_RUN_BUSY)
        self.progress.show()
        self.button.setText(texts.CANCEL)
        self.began.emit()

    def cancel(self) -> None:
        """End the one that goes on; the card is free at once, the process goes by itself."""
        if not self.busy:
            return
        self._steps.stop()
        self._job.cancel(CANCEL_GRACE)
        self._idle(texts.DRY_RUN_CANCELLED)
        self.ended.emit(None)

    def refresh(self) -> None:
        """Follow the check: what was measured with other settings is taken away."""
        self.button.setEnabled(self._session.plan is not None)
        if self.busy:
            return
        if (tried := self._session.dry_run) is None:
            if self.outcome.count():
                self._clear()
                self.note.setText(texts.DRY_RUN_CHANGED)
        elif not self.outcome.count():
            self._show(tried)

    def _progressed(self, event: dict[str, Any]) -> None:
        if event["event"] == "stage":
            self.note.setText(texts.stage(event["stage"]))
        elif event["event"] == "trial-step":
            self.stepped.emit(event)

    def _tried(self, tried: Any) -> None:
        self._idle("")
        self._show(tried)
        if self._plan is not None:
            self._session.take_dry_run(self._plan, tried)
        self.ended.emit(tried)

    def _failed(self, message: str) -> None:
        self._idle("")
        self.outcome.addWidget(VerdictCard("warning", texts.DRY_RUN_NOT_STARTED, message))
        self.ended.emit(None)

    def _idle(self, note: str) -> None:
        self.progress.hide()
        self.button.setText(texts.DRY_RUN)
        self.note.setText(note)
        self.note.setVisible(bool(note))

    def _clear(self) -> None:
        clear(self.outcome)
        clear(self._facts)
        self.note.show()

    def _show(self, tried: Any) -> None:
        """Show what was measured; the findings themselves stand in the list."""
        self._clear()
        self.note.hide()
        if tried.ok:
            self.outcome.addWidget(VerdictCard("good", texts.DRY_RUN_GOOD))
        for finding in tried.findings:
            title = texts.DRY_RUN_BAD if finding.severity is Severity.BLOCKER else finding.title
            self.outcome.addWidget(VerdictCard(str(finding.severity), title, texts.SEE_FINDINGS))
        for row, (what, words, help_) in enumerate(texts.dry_run_facts(tried)):
            shown = label(words, wrap=True)
            for place, made in enumerate((label(what, "muted"), shown)):
                made.setToolTip(help_)
                self._facts.addWidget(made, row, place)

    def close_down(self) -> None:
        """The window closes."""
        self._steps.close()
