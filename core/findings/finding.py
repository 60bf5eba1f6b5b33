"""The type of everything that is said about data, settings and a running training."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from counterpoise.core.findings.registry import code_spec
from counterpoise.core.findings.sentences import sentence


class Severity(StrEnum):
    BLOCKER = "blocker"
    WARNING = "warning"
    INFO = "info"


MOST_PATHS = 100
"""Images that an event or an explanation names; a finding of the data names all."""
URGENCY = {Severity.BLOCKER: 0, Severity.WARNING: 1, Severity.INFO: 2}


@dataclass(frozen=True)
class Fix:
    """One click that mends a finding: settings by dotted key, with the label of its button."""

    label: str
    set: Mapping[str, Any]

    def to_json(self) -> dict[str, Any]:
        return {"label": self.label, "set": dict(self.set)}


@dataclass(frozen=True)
class Finding:
    """What was seen (evidence), said in a sentence, and what mends it."""

    code: str
    severity: Severity
    message: str
    paths: tuple[str, ...] = ()
    evidence: Mapping[str, Any] = field(default_factory=dict)
    fix: Fix | None = None

    @property
    def title(self) -> str:
        """The finding in three to six words."""
        return code_spec(self.code).title

    def to_json(self) -> dict[str, Any]:
        """Return the contract's JSON object."""
        return {
            "code": self.code,
            "severity": str(self.severity),
            "message": self.message,
            "paths": list(self.paths),
            "evidence": dict(self.evidence),
            "fix": self.fix.to_json() if self.fix else None,
        }


def make_finding(
    code: str,
    severity: Severity,
    evidence: Mapping[str, Any] | None = None,
    *,
    variant: str | None = None,
    words: Mapping[str, Any] | None = None,
    paths: Sequence[str] = (),
    fix: Fix | None = None,
) -> Finding:
    """Build a finding whose sentence is the template of ``code`` (or ``code.variant``).

    The template is filled from ``evidence`` and ``words`` (figures already put into words).
    ``evidence`` must hold JSON values only.
    """
    evidence = dict(evidence or {})
    message = sentence(code, variant, {**evidence, **(words or {})})
    return Finding(code, severity, message, tuple(paths), evidence, fix)


def by_urgency(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Sort blockers first, then warnings, then infos; the order within each stays."""
    return tuple(sorted(findings, key=lambda finding: URGENCY[finding.severity]))
