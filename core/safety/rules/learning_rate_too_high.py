"""learning-rate-too-high: by rule, for this optimizer, these weights, these pixels and this mode.

The bounds come from ``tests/benchmarks/threshold_sweep.py``: 453 settings trained without any guard, 252 of
them on a second set.
"""

from collections.abc import Iterator

from counterpoise.core.findings import Finding, Fix, Severity, make_finding
from counterpoise.core.safety.plan import Plan
from counterpoise.core.safety.resolve import suggested_rate
from counterpoise.core.safety.seen import first_layer_gain
from counterpoise.core.safety.weights import strongest

# (warn above, block above), by mode. Adaptive optimizers take steps of about the rate itself whatever the
# gradient (Kingma and Ba 2015, section 2.1), so the rate is judged alone. Plain CNN: up to .01 all learn,
# at .03 most die, at .1 all. Head: at .1 all learn on bccd_crops, and swing about on pneumoniamnist; from 1
# on all swing. Fine-tuning learns up to 1e-3 (one of six fails); at 3e-3 two of four died and one had learnt
# nothing, from .01 on all.
ADAPTIVE = {"features": (0.1, 0.5), "finetune": (2e-3, 0.01), "scratch": (0.01, 0.05)}
# Pixels about zero are kinder: their gradients don't push all weights of a unit the same way (LeCun et al.
# 1998, 4.3). With z-scores a plain CNN learns at .03, and dies at .1.
CENTRED = 3
# Plain steps (momentum .9) go with the gradient, which grows with the weight of the heaviest class and,
# where nothing evens it out, with the pixels: rate x weight x root mean square. Plain CNN: up to .19 all
# but one of 60 learn, from .23 on all but two of 40 die. Head: at .16 it learns on bccd_crops and swings
# about on pneumoniamnist, from 1 on all swing. Fine-tuning learns up to .003, and breaks from .03 on.
PLAIN = {"features": (0.15, 1.0), "finetune": (0.015, 0.1), "scratch": (0.2, 1.0)}
# Of the gradient without clipping. Fine-tuning clipped to one learnt at .03, weights of 1,000 included, where
# it breaks unclipped: its gradients are longer than one.
USUAL_NORM = {"features": 1.0, "finetune": 3.0, "scratch": 1.0}


def strain(plan: Plan) -> float:
    """Return the learning rate as the heaviest class and the brightest pixels make it work.

    A clipped gradient is no longer than the limit, whatever weight and pixels.
    """
    training = plan.settings.training
    rate = float(training.learning_rate)
    if training.optimizer != "sgd":
        return rate
    times = strongest(plan) * first_layer_gain(plan)
    if training.clip_norm is not None:
        times = min(times, training.clip_norm / USUAL_NORM[plan.mode])
    return rate * times


def bounds(plan: Plan) -> tuple[float, float]:
    """Return the strain from which a rate is worth a warning, and from which it is refused."""
    if plan.settings.training.optimizer == "sgd":
        return PLAIN[plan.mode]
    warn, block = ADAPTIVE[plan.mode]
    centred = plan.mode == "scratch" and plan.settings.scaling.method in ("zscore", "image_zscore")
    return warn * (CENTRED if centred else 1), block


def learning_rate_too_high(plan: Plan) -> Iterator[Finding]:
    training = plan.settings.training
    rate, strained = float(training.learning_rate), strain(plan)
    warn, block = bounds(plan)
    if strained <= warn:
        return
    limit = warn * rate / strained
    heavy, bright = strongest(plan), first_layer_gain(plan)
    strengthened = strained > 2 * rate
    variant = None if not strengthened else "weighted" if heavy >= bright else "bright"
    yield make_finding(
        "learning-rate-too-high",
        Severity.BLOCKER if strained > block else Severity.WARNING,
        {
            "learning_rate": rate,
            "works_like": strained,
            "largest_weight": heavy,
            "pixels": bright,
            "limit": limit,
            "optimizer": training.optimizer,
            "mode": plan.mode,
        },
        variant=variant,
        words={"rate": f"{rate:.3g}", "class_rate": f"{strained:.3g}", "safe": f"{limit:.2g}"},
        fix=_mend(plan, limit, bright if variant == "bright" else 1.0),
    )


def _mend(plan: Plan, limit: float, bright: float) -> Fix:
    if bright > 1 and plan.settings.scaling.method == "none":
        return Fix("Use the suggested scaling", {"scaling.method": "auto"})
    if suggested_rate(plan.mode, plan.settings.training.optimizer) <= limit:
        return Fix("Use the suggested learning rate", {"training.learning_rate": "auto"})
    return Fix("Lower the learning rate", {"training.learning_rate": float(f"{limit / 2:.1g}")})
