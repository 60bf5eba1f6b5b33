"""weighting-twice: rare classes are drawn more often and count more as well."""

from collections.abc import Iterator

from counterpoise.core.findings import Finding, Fix, Severity, make_finding
from counterpoise.core.safety.plan import Plan
from counterpoise.core.safety.weights import can_work

EQUAL_WITHIN = 1.01


def weighting_twice(plan: Plan) -> Iterator[Finding]:
    if plan.settings.weighting.sampling != "balanced" or not can_work(plan):
        return
    ratio = max(plan.weights.values()) / min(plan.weights.values())
    if ratio > EQUAL_WITHIN:
        yield make_finding(
            "weighting-twice",
            Severity.WARNING,
            {"weight_ratio": ratio},
            words={"ratio": f"{ratio:.1f}"},
            fix=Fix("Keep the sampling, drop the weights", {"weighting.method": "none"}),
        )
