"""What the checks say of the settings in hand, beside them, as they are chosen."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from counterpoise.core.findings import Finding, Severity, Subject, by_urgency, code_spec
from counterpoise.gui.session import Session
from counterpoise.gui.texts import balance as texts
from counterpoise.gui.widgets.cards import Card
from counterpoise.gui.widgets.clearing import clear
from counterpoise.gui.widgets.finding_card import FindingCard, VerdictCard
from counterpoise.gui.widgets.labels import label

MOST = 3
ALSO_DATA = ("class-imbalance", "class-too-small", "single-class", "empty-class")
"""Findings about data that weighting and splitting have to do with."""


class VerdictPanel(Card):
    """The most urgent findings about settings with their fixes, or that all goes together."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(texts.CHECK_TITLE, parent=parent)
        self._session = session
        self.list = QVBoxLayout()
        self.list.setSpacing(8)
        self.body.addLayout(self.list)
        self.body.addStretch(1)
        self.more = label("", "small", wrap=True)
        self.body.addWidget(self.more)
        session.check_changed.connect(self.refresh)
        session.check_started.connect(self._busy)
        session.catalog_changed.connect(self.refresh)
        self.refresh()

    def _busy(self) -> None:
        self.set_title(texts.CHECK_TITLE, texts.CHECKING)

    def refresh(self) -> None:
        self.set_title(texts.CHECK_TITLE)
        clear(self.list)
        result = self._session.check_result
        if result is None:
            self.more.setText(self._session.check_error or texts.NOT_CHECKED)
            return
        about = [f for f in by_urgency(result.findings) if concerns_settings(f)]
        if all(f.severity is Severity.INFO for f in about):
            self.list.addWidget(VerdictCard("good", texts.GOES_TOGETHER))
        for finding in about[:MOST]:
            card = FindingCard(finding, showable=False)
            card.fix_asked.connect(self._fix)
            self.list.addWidget(card)
        rest = len(result.findings) - len(about[:MOST])
        self.more.setText(texts.MORE_FINDINGS.format(rest) if rest else "")

    def _fix(self, finding: Finding) -> None:
        if finding.fix is not None and (refused := self._session.change(finding.fix.set)):
            self._session.problem.emit(refused)


def concerns_settings(finding: Finding) -> bool:
    """Whether a finding speaks of settings, or of what weighting is for."""
    return code_spec(finding.code).subject is Subject.SETTINGS or finding.code in ALSO_DATA
