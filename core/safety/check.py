"""Judge a plan: all findings about data and settings together."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from counterpoise.core.findings import Finding, Severity, by_urgency
from counterpoise.core.jobs.events import json_safe
from counterpoise.core.safety.plan import Plan
from counterpoise.core.safety.rules import RULES
from counterpoise.core.safety.unused import unused
from counterpoise.core.settings import Settings


@dataclass(frozen=True)
class CheckResult:
    """The verdict, the settings as they will run, and the weights that follow."""

    findings: tuple[Finding, ...]
    """Most urgent first, the catalog's included."""
    weights: dict[str, float]
    effective_learning_rate: float
    settings: Settings
    unused: tuple[str, ...]

    @property
    def blockers(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.severity == Severity.BLOCKER)

    @property
    def ok(self) -> bool:
        return not self.blockers

    def to_json(self) -> dict[str, Any]:
        """Return the contract's object; numbers that aren't finite are None."""
        safe: dict[str, Any] = json_safe(
            {
                "ok": self.ok,
                "findings": [finding.to_json() for finding in self.findings],
                "weights": self.weights,
                "effective_learning_rate": self.effective_learning_rate,
                "settings": self.settings.to_json(),
                "unused": list(self.unused),
            }
        )
        return safe


def check(plan: Plan, extra: Sequence[Finding] = ()) -> CheckResult:
    """Apply every rule to ``plan``; ``extra`` are findings from elsewhere, such as a dry run."""
    about_settings = [finding for rule in RULES.values() for finding in rule(plan)]
    return CheckResult(
        findings=by_urgency([*extra, *plan.catalog.findings, *about_settings]),
        weights=plan.weights,
        effective_learning_rate=plan.effective_learning_rate,
        settings=plan.settings,
        unused=unused(plan),
    )
