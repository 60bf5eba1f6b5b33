"""learning-rate-too-high: by rule, for this optimizer, these weights and this mode."""

from collections.abc import Iterator

from counterpoise.core.findings import Finding, Fix, Severity, make_finding
from counterpoise.core.safety.plan import Plan
from counterpoise.core.safety.resolve import suggested_rate
from counterpoise.core.safety.weights import strongest

# (warn above, block above). Adaptive optimizers take steps of about the rate itself whatever the
# gradient (Kingma and Ba 2015, section 2.1), so the rate is judged alone: fine-tuning overwrites
# pretrained weights from 1e-3 on; a plain CNN is lost soon after 1e-2; the head, a convex problem
# on standardised features, swings from .05 on and never settles near 1.
ADAPTIVE = {"features": (0.05, 0.5), "finetune": (2e-3, 0.02), "scratch": (0.01, 0.1)}
# Plain steps go with the gradient, so the weight of the heaviest class counts: rate times weight.
# Seen with momentum .9 on a small CNN: .5 learns, 10 swings between 13 and 161, 1,000 never
# comes back. The head tolerates more because its gradient is bounded by the features' norm.
PLAIN = {"features": (0.5, 10.0), "finetune": (0.05, 1.0), "scratch": (0.5, 5.0)}
# Without weights a plain CNN already swings at .1 (with momentum .9 a step of 1).
PLAIN_ALONE = {"features": (0.5, 10.0), "finetune": (0.05, 0.5), "scratch": (0.1, 1.0)}


def learning_rate_too_high(plan: Plan) -> Iterator[Finding]:
    training = plan.settings.training
    rate = float(training.learning_rate)
    heaviest = strongest(plan)
    if training.clip_norm is not None:
        # A clipped step is no longer than rate times the norm, whatever the weight.
        heaviest = max(1.0, min(heaviest, training.clip_norm))
    if training.optimizer == "sgd":
        judged = [(rate, PLAIN_ALONE[plan.mode]), (rate * heaviest, PLAIN[plan.mode])]
    else:
        judged = [(rate, ADAPTIVE[plan.mode])]
    if not any(value > warn for value, (warn, _) in judged):
        return
    blocks = any(value > block for value, (_, block) in judged)
    limit = min(warn * rate / value for value, (warn, _) in judged)
    yield make_finding(
        "learning-rate-too-high",
        Severity.BLOCKER if blocks else Severity.WARNING,
        {
            "learning_rate": rate,
            "largest_class_rate": judged[-1][0],
            "limit": limit,
            "optimizer": training.optimizer,
            "mode": plan.mode,
        },
        variant="weighted" if judged[-1][0] > 2 * rate else None,
        words={"rate": f"{rate:.3g}", "class_rate": f"{judged[-1][0]:.3g}", "safe": f"{limit:.2g}"},
        fix=_calmer(plan, limit),
    )


def _calmer(plan: Plan, limit: float) -> Fix:
    if suggested_rate(plan.mode, plan.settings.training.optimizer) <= limit:
        return Fix("Use the suggested learning rate", {"training.learning_rate": "auto"})
    return Fix("Lower the learning rate", {"training.learning_rate": float(f"{limit / 2:.1g}")})
