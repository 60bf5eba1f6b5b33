"""One explanation of how a run ended: like a finding, but made after the fact from the run's own record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from counterpoise.core.findings import Fix, Severity
from counterpoise.core.findings.sentences.diagnosis import DIAGNOSES
from counterpoise.core.safety.causes import Cause

MOST_TOLD = 2


@dataclass(frozen=True)
class Explanation:
    """What became of a run, why, and which settings a new run should have instead.

    ``blocker``: the run failed; ``warning``: it ended, but what it learned is of no use; ``info``: worth
    knowing, the result stands.
    """

    code: str
    severity: Severity
    title: str
    message: str
    paths: tuple[str, ...] = ()
    """Images it speaks of, as the run names them."""
    evidence: Mapping[str, Any] = field(default_factory=dict)
    fix: Fix | None = None

    def to_json(self) -> dict[str, Any]:
        """Return an object like a finding's, with its title."""
        return {
            "code": self.code,
            "severity": str(self.severity),
            "title": self.title,
            "message": self.message,
            "paths": list(self.paths),
            "evidence": dict(self.evidence),
            "fix": self.fix.to_json() if self.fix else None,
        }


def explain(
    code: str,
    severity: Severity,
    evidence: Mapping[str, Any] | None = None,
    *,
    words: Mapping[str, Any] | None = None,
    paths: Sequence[str] = (),
    causes: Sequence[Cause] = (),
    fix: Fix | None = None,
) -> Explanation:
    """Fill the sentence of ``code``; the likeliest two of ``causes`` end it, and all of them are mended."""
    title, sentence = DIAGNOSES[code]
    values = {
        **(evidence or {}),
        **(words or {}),
        "cause": " ".join(cause.sentence for cause in causes[:MOST_TOLD]),
    }
    message = sentence.format(**values).strip()
    mend = fix or joined([cause.fix for cause in causes])
    return Explanation(code, severity, title, message, tuple(paths), dict(evidence or {}), mend)


def joined(fixes: Sequence[Fix | None]) -> Fix | None:
    """Return one fix that does what all do; where two disagree, the first (the likelier cause's) counts.

    Its label is that of the first, with the number of the others: several causes at once need several mends.
    """
    known = list({fix.label: fix for fix in fixes if fix is not None}.values())
    if not known:
        return None
    changes: dict[str, Any] = {}
    for fix in known:
        changes |= {key: value for key, value in fix.set.items() if key not in changes}
    others = len(known) - 1
    more = f", and {others} more {'change' if others == 1 else 'changes'}" if others else ""
    return Fix(f"{known[0].label}{more}", changes)
