"""The form of a rule: a pure function from a plan to findings."""

from collections.abc import Callable, Iterable

from counterpoise.core.findings import Finding
from counterpoise.core.safety.plan import Plan

Rule = Callable[[Plan], Iterable[Finding]]
