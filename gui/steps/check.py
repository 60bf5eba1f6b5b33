"""The step that says what would go wrong, before it does."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from counterpoise.core.findings import Finding, Severity, by_urgency
from counterpoise.gui.jobs import JobThread
from counterpoise.gui.panels.interest import InterestCard
from counterpoise.gui.session import Session
from counterpoise.gui.steps.base import State, Step
from counterpoise.gui.texts import check as texts
from counterpoise.gui.widgets.cards import Card
from counterpoise.gui.widgets.clearing import clear
from counterpoise.gui.widgets.finding_card import FindingCard, VerdictCard
from counterpoise.gui.widgets.labels import button, label


class CheckStep(Step):
    name = "check"
    title = texts.TITLE
    subtitle = texts.SUBTITLE

    def build(self) -> None:
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)  # with large text
        self._thread: JobThread | None = None
        row = QHBoxLayout()
        row.setSpacing(16)
        self.findings = QVBoxLayout()
        self.findings.setSpacing(8)
        left = QVBoxLayout()
        left.addLayout(self.findings)
        left.addStretch(1)
        row.addLayout(left, 7)
        right = QVBoxLayout()
        right.setSpacing(16)
        self.interest = InterestCard(self.session, self)
        right.addWidget(self.interest)
        right.addWidget(self._dry_run_card())
        self.what_runs = _WhatRuns()
        right.addWidget(self.what_runs)
        right.addStretch(1)
        row.addLayout(right, 4)
        self.body.addLayout(row, 1)
        self.session.check_changed.connect(self.refresh)
        self.session.check_started.connect(self.state_changed)
        self.session.catalog_changed.connect(self.refresh)
        self.refresh()

    def _dry_run_card(self) -> QWidget:
        card = Card(texts.DRY_RUN_TITLE)
        card.body.addWidget(label(texts.DRY_RUN_TEXT, "muted", wrap=True))
        self.dry_verdict = QVBoxLayout()
        card.body.addLayout(self.dry_verdict)
        buttons = QHBoxLayout()
        self.dry_button = button(texts.DRY_RUN, "", self._dry_run)
        buttons.addWidget(self.dry_button)
        buttons.addStretch(1)
        card.body.addLayout(buttons)
        return card

    # ---- findings

    def refresh(self) -> None:
        """Show the check's findings by urgency, under a heading per severity."""
        clear(self.findings)
        result = self.session.check_result
        self.dry_button.setEnabled(self.session.plan is not None)
        if result is None:
            words = self.session.check_error or (
                texts.NO_DATA if self.session.catalog is None else texts.CHECKING
            )
            self.findings.addWidget(label(words, "muted", wrap=True))
            self.state_changed.emit()
            return
        found = by_urgency(result.findings)
        if not any(f.severity is not Severity.INFO for f in found):
            text = texts.ONLY_INFO if found else texts.ALL_CLEAR_TEXT
            self.findings.addWidget(VerdictCard("good", texts.ALL_CLEAR, text))
        heading = ""
        for finding in found:
            if texts.SECTIONS[str(finding.severity)] != heading:
                heading = texts.SECTIONS[str(finding.severity)]
                self.findings.addWidget(label(heading, "heading"))
            self.findings.addWidget(self._card(finding))
        self.what_runs.show_settings(result.settings)
        self.state_changed.emit()

    def _card(self, finding: Finding) -> FindingCard:
        card = FindingCard(finding, showable=bool(self.session.images_of(finding)))
        card.fix_asked.connect(self.session.apply_fix)
        card.show_asked.connect(lambda found: self.session.show_images(found.paths))
        if finding.severity is Severity.BLOCKER and self._acceptable(finding):
            accepted = finding.code in self.session.accepted
            take = button(texts.WITHDRAW if accepted else texts.ACCEPT)
            take.setToolTip(texts.ACCEPT_HELP)
            take.clicked.connect(lambda: self.session.accept(finding.code, not accepted))
            card.add_button(take)
            if accepted:
                card.text_label.setText(f"{finding.message}\n{texts.ACCEPTED}")
        return card

    def _acceptable(self, finding: Finding) -> bool:
        from counterpoise.core.safety.accept import can_be_accepted

        return self.session.plan is not None and can_be_accepted(finding, self.session.plan)

    @property
    def open_blockers(self) -> tuple[Finding, ...]:
        """Blockers that nobody has accepted."""
        return open_blockers(self.session)

    # ---- dry run

    def _dry_run(self) -> None:
        from counterpoise.core.jobs.job import Job

        if self._thread is not None:
            self._thread.cancel()
            return
        clear(self.dry_verdict)
        job = Job("counterpoise.gui.run_jobs:dry_run_job", self.session.plan, name="dry run")
        self._thread = thread = JobThread(job, self)
        thread.finished_with.connect(self._tried)
        thread.failed.connect(self._dry_run_failed)
        thread.finished.connect(self._dry_run_over)
        thread.start()
        self.dry_button.setText(texts.CANCEL)
        self.dry_verdict.addWidget(label(texts.DRY_RUN_BUSY, "muted"))

    def _tried(self, outcome: Any) -> None:
        clear(self.dry_verdict)
        if self._thread is None or self._thread.cancelled:
            return
        for finding in outcome.findings:
            self.dry_verdict.addWidget(VerdictCard(str(finding.severity), texts.DRY_RUN_BAD, finding.message))
        if outcome.ok:
            words = texts.dry_run_good(outcome.seconds, outcome.steps)
            self.dry_verdict.addWidget(VerdictCard("good", texts.DRY_RUN_GOOD, words))

    def _dry_run_failed(self, event: dict[str, Any]) -> None:
        clear(self.dry_verdict)
        if self._thread is not None and not self._thread.cancelled:
            self.dry_verdict.addWidget(VerdictCard("blocker", texts.DRY_RUN_BAD, str(event["message"])))

    def _dry_run_over(self) -> None:
        self.dry_button.setText(texts.DRY_RUN)
        if self._thread is not None:
            self._thread.deleteLater()
            self._thread = None

    # ---- the step

    @property
    def state(self) -> State:
        result = self.session.check_result
        if result is None:
            return State.ATTENTION if self.session.check_error else State.TODO
        return State.ATTENTION if self.open_blockers else State.DONE

    @property
    def next_label(self) -> str:
        return texts.NEXT

    @property
    def next_enabled(self) -> bool:
        return self.session.check_result is not None and not self.open_blockers

    @property
    def next_hint(self) -> str:
        result = self.session.check_result
        if result is None:
            return ""
        warnings = sum(f.severity is Severity.WARNING for f in result.findings)
        return texts.to_look_at(len(self.open_blockers), warnings)

    def go_next(self) -> None:
        self.wants_step.emit("train")

    def close_down(self) -> None:
        if self._thread is not None:
            self._thread.close()


def open_blockers(session: Session) -> tuple[Finding, ...]:
    """Return the blockers of the session's check that nobody has accepted."""
    from counterpoise.core.safety.accept import unaccepted

    result, plan = session.check_result, session.plan
    return unaccepted(result, plan, session.accepted) if result is not None and plan is not None else ()


class _WhatRuns(Card):
    """The settings as they will run."""

    def __init__(self) -> None:
        super().__init__(texts.SETTINGS_TITLE)
        self._grid = QGridLayout()
        self._grid.setVerticalSpacing(4)
        self.body.addLayout(self._grid)
        self.hide()

    def show_settings(self, settings: Any) -> None:
        clear(self._grid)
        tables = settings.to_json() if hasattr(settings, "to_json") else settings
        for row, (key, words) in enumerate(texts.SETTINGS):
            table, name = key.split(".")
            self._grid.addWidget(label(words, "muted"), row, 0)
            self._grid.addWidget(label(texts.setting_value(key, tables[table][name]), wrap=True), row, 1)
        self._grid.setColumnStretch(1, 1)
        self.show()
