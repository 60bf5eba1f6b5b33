"""Which blockers can be accepted."""

from collections.abc import Sequence

from counterpoise.core.errors import UsageError
from counterpoise.core.findings import CODES, Finding, Subject, code_spec
from counterpoise.core.safety.check import CheckResult
from counterpoise.core.safety.plan import Plan
from counterpoise.core.safety.rules.split_lacks_class import lacking


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


def known_codes(accepted: Sequence[str]) -> tuple[str, ...]:
    """Return ``accepted`` without repeats; raises UsageError with the nearest name for an unknown code."""
    for code in accepted:
        if code_spec(code).subject == Subject.GUARD:
            raise UsageError(f"'{code}' is told while training runs and can't be accepted beforehand.")
    return tuple(dict.fromkeys(accepted))
