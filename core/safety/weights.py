"""What rules about weights share."""

import math

from counterpoise.core.safety.plan import Plan


def can_work(plan: Plan) -> bool:
    """Whether every class has a finite, positive weight; the rules on size have nothing to say before."""
    return bool(plan.weights) and all(math.isfinite(w) and w > 0 for w in plan.weights.values())


def strongest(plan: Plan) -> float:
    """Return the largest weight, 1 where they can't work."""
    return max(plan.weights.values()) if can_work(plan) else 1.0
