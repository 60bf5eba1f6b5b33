"""The step that says what would go wrong, before it does."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout

from counterpoise.core.findings import Finding, Severity, by_urgency
from counterpoise.gui.panels.dry_run import DryRunCard
from counterpoise.gui.panels.interest import InterestCard
from counterpoise.gui.panels.trial_curves import TrialCurves
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
        self.dry_run = DryRunCard(self.session)
        self.curves = TrialCurves(self.session)
        self.dry_run.began.connect(self.curves.begin)
        self.dry_run.stepped.connect(self.curves.add_step)
        self.dry_run.ended.connect(self.curves.show_outcome)
        right.addWidget(self.dry_run)
        right.addWidget(self.curves)
        self.what_runs = _WhatRuns()
        right.addWidget(self.what_runs)
        right.addStretch(1)
        row.addLayout(right, 4)
        self.body.addLayout(row, 1)
        self.session.check_changed.connect(self.refresh)
        self.session.check_started.connect(self.state_changed)
        self.session.catalog_changed.connect(self.refresh)
        self.refresh()

    # ---- findings

    def refresh(self) -> None:
        """Show the check's findings by urgency, under a heading per severity."""
        clear(self.findings)
        result = self.session.check_result
        if not self.dry_run.busy:
            self.curves.show_outcome(self.session.dry_run)
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
        catalog = self.session.catalog
        showable = catalog is not None and any(map(catalog.has, finding.paths))
        card = FindingCard(finding, showable=showable)
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
        self.dry_run.close_down()


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
