"""What train says where a blocker stands: which, why, the options that mend it, those that accept it."""

from collections.abc import Sequence

from counterpoise.core.cli.show import set_options
from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.findings import Finding
from counterpoise.core.findings.words import some
from counterpoise.core.safety.accept import can_be_accepted, unaccepted
from counterpoise.core.safety.check import CheckResult
from counterpoise.core.safety.plan import Plan

MOST_TO_READ = 160
"""Characters of options in a sentence; longer ones, such as lists of images, stand in check's answer."""


def refuse_blockers(result: CheckResult, plan: Plan, accepted: Sequence[str]) -> None:
    """Raise CounterpoiseError with one message where a blocker stands that wasn't or can't be accepted."""
    standing = unaccepted(result, plan, accepted)
    if not standing:
        return
    codes = list(dict.fromkeys(finding.code for finding in standing))
    stubborn = [f.code for f in standing if f.code in accepted]
    advice = f"Training hasn't started because of {some(codes, 5)}: {standing[0].message}"
    if stubborn:
        advice += f" It can't be accepted with --accept {stubborn[0]}, because training isn't possible so."
    mends = mending(standing)
    them = "it" if len(standing) == 1 else "them"
    if all(can_be_accepted(finding, plan) for finding in standing):
        accepting = " ".join(f"--accept {code}" for code in codes)
        advice += f" Mend {them}{mends}, or accept with {accepting}."
    elif mends:
        advice += f" Mend {them}{mends}."
    raise CounterpoiseError(advice)


def mending(standing: Sequence[Finding]) -> str:
    """Return `` with --set ...``; nothing where a blocker has no fix or the options are too long to read."""
    fixes = [finding.fix for finding in standing if finding.fix is not None]
    if len(fixes) < len(standing):
        return ""
    changes = {key: value for fix in reversed(fixes) for key, value in fix.set.items()}  # the first wins
    typed = set_options(changes)
    return f" with {typed}" if len(typed) <= MOST_TO_READ else ""
