"""Judge a plan: all findings about data and settings together."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from counterpoise.core.errors import CounterpoiseError, UsageError
from counterpoise.core.findings import CODES, Finding, Severity, by_urgency, code_spec
from counterpoise.core.findings.words import some
from counterpoise.core.jobs.events import json_safe
from counterpoise.core.safety.plan import Plan
from counterpoise.core.safety.rules import RULES
from counterpoise.core.safety.rules.split_lacks_class import lacking
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


def can_be_accepted(finding: Finding, plan: Plan) -> bool:
    """Whether training remains possible in spite of this blocker."""
    if finding.code == "split-lacks-class":
        return not lacking(plan)["train"]
    if finding.code == "class-too-small":
        # A class without a training image can't be learnt, whatever is accepted.
        return all(plan.train_counts.values())
    return CODES[finding.code].acceptable


def unaccepted(result: CheckResult, plan: Plan, accepted: Sequence[str]) -> tuple[Finding, ...]:
    """Return the blockers that still stand. Raises UsageError for a code that doesn't exist."""
    for code in accepted:
        code_spec(code)
    return tuple(
        finding
        for finding in result.blockers
        if finding.code not in accepted or not can_be_accepted(finding, plan)
    )


def refuse_blockers(result: CheckResult, plan: Plan, accepted: Sequence[str]) -> None:
    """Raise CounterpoiseError with one sentence where a blocker stands that wasn't or can't be accepted."""
    standing = unaccepted(result, plan, accepted)
    if not standing:
        return
    codes = list(dict.fromkeys(finding.code for finding in standing))
    stubborn = [f.code for f in standing if f.code in accepted]
    open_ones = [f.code for f in standing if f.code not in accepted and can_be_accepted(f, plan)]
    advice = f"Training hasn't started because of {some(codes, 5)}: {standing[0].message}"
    if stubborn:
        advice += f" It can't be accepted with --accept {stubborn[0]}, because training isn't possible so."
    elif open_ones:
        advice += f" Mend it, or accept it with --accept {open_ones[0]}."
    raise CounterpoiseError(advice)


def known_codes(accepted: Sequence[str]) -> tuple[str, ...]:
    """Return ``accepted`` without repeats; raises UsageError with the nearest name for an unknown code."""
    for code in accepted:
        if code_spec(code).subject == "guard":
            raise UsageError(f"'{code}' is told while training runs and can't be accepted beforehand.")
    return tuple(dict.fromkeys(accepted))
