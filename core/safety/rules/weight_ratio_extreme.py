"""weight-ratio-extreme: one class counts so much more that a few images decide every step."""

from collections.abc import Iterator

from counterpoise.core.findings import Finding, Fix, Severity, make_finding
from counterpoise.core.safety.plan import Plan
from counterpoise.core.safety.weights import can_work

# The catalogue's bounds. Seen in runs (small CNN, SGD .01 with momentum): at a ratio of 50 it
# still learns, at 1,000 the loss jumps to 161 and stays at 13, at 100,000 it never comes back.
WARN_ABOVE = 20
BLOCK_ABOVE = 100
CAP = 10


def weight_ratio_extreme(plan: Plan) -> Iterator[Finding]:
    if not can_work(plan):
        return
    low = min(plan.weights, key=lambda label: plan.weights[label])
    high = max(plan.weights, key=lambda label: plan.weights[label])
    ratio = plan.weights[high] / plan.weights[low]
    if ratio <= WARN_ABOVE:
        return
    yield make_finding(
        "weight-ratio-extreme",
        Severity.BLOCKER if ratio > BLOCK_ABOVE else Severity.WARNING,
        {"ratio": ratio, "largest": high, "smallest": low, "weights": dict(plan.weights)},
        words={"times": f"{ratio:,.0f}"},
        fix=Fix(f"Keep the weights within a factor of {CAP}", _capped(plan)),
    )


def _capped(plan: Plan) -> dict[str, object]:
    weighting = plan.settings.weighting
    if weighting.method != "custom":
        return {"weighting.max_ratio": CAP}
    smallest = min(weighting.custom.values())
    return {"weighting.custom": {c: min(w, CAP * smallest) for c, w in weighting.custom.items()}}
