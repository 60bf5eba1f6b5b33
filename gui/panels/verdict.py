"""What the checks say of the settings in hand, beside them, as they are chosen."""

import math
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QGraphicsOpacityEffect, QVBoxLayout, QWidget

from counterpoise.core.findings import Finding, Severity, by_urgency
from counterpoise.gui.session import Session
from counterpoise.gui.texts import balance as texts
from counterpoise.gui.widgets.cards import Card
from counterpoise.gui.widgets.clearing import clear
from counterpoise.gui.widgets.finding_card import FindingCard, VerdictCard
from counterpoise.gui.widgets.labels import label

if TYPE_CHECKING:
    from counterpoise.core.safety.plan import Plan

MOST = 3
PALE = 0.35
CHOSEN_HERE = (
    "weight-invalid",
    "weight-ratio-extreme",
    "weight-changes-learning-rate",
    "weighting-twice",
    "pixels-unscaled",
    "scaling-degenerate",
    "scaling-mismatch",
    "learning-rate-too-high",
    "batch-misses-minority",
    "batch-too-large",
    "memory-short",
    "precision-overflow",
    "image-size-mismatch",
    "augmentation-unsafe",
    "gpu-unusable",
    "dry-run-failed",
)
"""Findings about what this step sets; others are told at the next one, but for blockers."""


class VerdictPanel(Card):
    """The most urgent findings about settings with their fixes, or that all goes together."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(texts.CHECK_TITLE, parent=parent)
        self._session = session
        self.held = QWidget()
        """What the last check said; pale while another is on its way."""
        self._pale = QGraphicsOpacityEffect(self.held)
        self._pale.setOpacity(PALE)
        self.held.setGraphicsEffect(self._pale)
        self.list = QVBoxLayout(self.held)
        self.list.setContentsMargins(0, 0, 0, 0)
        self.list.setSpacing(8)
        self.body.addWidget(self.held)
        self.body.addStretch(1)
        self.more = label("", "small", wrap=True)
        policy = self.more.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # nothing jumps while a check runs
        self.more.setSizePolicy(policy)
        self.body.addWidget(self.more)
        session.check_changed.connect(self.refresh)
        session.check_started.connect(self._busy)
        session.catalog_changed.connect(self.refresh)
        self.refresh()

    def _busy(self) -> None:
        self.set_title(texts.CHECK_TITLE, texts.CHECKING)
        self._dim(True)

    def _dim(self, pale: bool) -> None:
        self._pale.setEnabled(pale)
        self.held.setEnabled(not pale)  # a fix of what was set before isn't for now
        self.more.setVisible(not pale)

    def refresh(self) -> None:
        self.set_title(texts.CHECK_TITLE)
        self._dim(False)
        clear(self.list)
        result = self._session.check_result
        if result is None:
            self.more.setText(self._session.check_error or texts.NOT_CHECKED)
            return
        about = [f for f in by_urgency(result.findings) if concerns_settings(f)]
        if all(f.severity is Severity.INFO for f in about):
            self.list.addWidget(VerdictCard("good", texts.GOES_TOGETHER))
        for finding in about[:MOST]:
            self.list.addWidget(self._card(finding))
        plan = self._session.plan
        if plan is not None and (words := _rarest(plan)):
            self.list.addWidget(VerdictCard("info", words))
        rest = len(result.findings) - len(about[:MOST])
        more = texts.MORE_FINDINGS.format(rest) if rest else ""
        self.more.setText(" ".join(filter(None, (_ratio(plan), more))))

    def _card(self, finding: Finding) -> VerdictCard:
        if finding.severity is Severity.INFO:  # its sentence stands at the next step
            card = VerdictCard("info", finding.title)
            card.setToolTip(finding.message)
            return card
        full = FindingCard(finding, showable=False)
        full.fix_asked.connect(self._session.apply_fix)
        return full


def _rarest(plan: "Plan") -> str:
    """Say how often a batch holds an image of the rarest class; empty where it can't be said."""
    counts, batch = plan.train_counts, plan.settings.training.batch_size
    total = sum(counts.values())
    if not isinstance(batch, int) or len(counts) < 2 or not min(counts.values(), default=0):
        return ""
    name = min(counts, key=lambda label: counts[label])
    share = 1 / len(counts) if plan.settings.weighting.sampling == "balanced" else counts[name] / total
    return texts.batch_holds(batch, name, 1 - (1 - share) ** batch)


def _ratio(plan: "Plan | None") -> str:
    """Say how far the weights lie apart, and from where on that would matter."""
    weights = [w for w in plan.weights.values() if math.isfinite(w) and w > 0] if plan else []
    return texts.weight_ratio(max(weights) / min(weights)) if weights else ""


def concerns_settings(finding: Finding) -> bool:
    """Whether a finding belongs beside the settings."""
    return finding.code in CHOSEN_HERE or finding.severity is Severity.BLOCKER
