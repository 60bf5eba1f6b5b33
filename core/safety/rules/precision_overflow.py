"""precision-overflow: float16 ends at 65,504; weights or pixels would pass it."""

from collections.abc import Iterator

from counterpoise.core.findings import Finding, Fix, Severity, make_finding
from counterpoise.core.safety.plan import Plan
from counterpoise.core.safety.seen import seen_range
from counterpoise.core.safety.weights import strongest

# Seen: with a weight of 100 under mixed_float16 two of six steps are applied, with 10,000 none.
LARGEST_WEIGHT = 50.0
# A first layer sums 27 products of inputs with weights up to about .5: 65,504 / 27 / .5, halved
# twice for the squares in the backward pass.
LARGEST_PIXEL = 1000.0


def precision_overflow(plan: Plan) -> Iterator[Finding]:
    if plan.settings.training.precision != "mixed_float16" or plan.mode == "features":
        return
    weight = strongest(plan)
    seen = seen_range(plan)
    pixel = max(abs(seen.low), abs(seen.high))
    if weight > LARGEST_WEIGHT or pixel > LARGEST_PIXEL:
        yield make_finding(
            "precision-overflow",
            Severity.BLOCKER,
            {"largest_weight": weight, "largest_pixel": pixel},
            words={"weight": f"{weight:,.3g}", "pixel": f"{pixel:,.4g}"},
            fix=Fix("Train in full precision", {"training.precision": "float32"}),
        )
