"""pixels-unscaled: the first layer would see values far outside the range it can train on."""

from collections.abc import Iterator

from counterpoise.core.findings import Finding, Fix, Severity, make_finding
from counterpoise.core.safety.plan import Plan
from counterpoise.core.safety.rules.scaling_degenerate import holds_nothing, window_bounds
from counterpoise.core.safety.seen import Range, seen_range

# Initial weights are drawn for inputs of about unit size (LeCun et al. 1998, Efficient BackProp,
# 4.3; Glorot and Bengio 2010), and the first gradient grows with the square of the input. Raw
# 0..255 (root mean square some 100 to 180) gave a dead network under SGD .01 and NaN under SGD .1;
# 0..1, -1..1 and z-scores lie between .1 and 1.5. Up to ten learning-rate-too-high says what is too
# much; from 20 on plain steps died at every rate that is worth taking (tests/benchmarks/threshold_sweep.py).
LARGEST_RMS = 10.0
# The same sweep: adaptive optimizers, and plain steps clipped to one, learnt at 22 as they do at 1; at 190
# they learn later or, with large weights or rates, not at all.
LARGEST_RMS_BOUNDED = 30.0
# Below this spread images differ by less than the first layer's noise.
SMALLEST_STD = 1e-3


def pixels_unscaled(plan: Plan) -> Iterator[Finding]:
    if not plan.training_images or _is_degenerate(plan):
        return
    seen, training = seen_range(plan), plan.settings.training
    adaptive = training.optimizer != "sgd"
    bounded = adaptive or (training.clip_norm is not None and training.clip_norm <= 1)
    if seen.std == 0:
        return  # nothing to see at all: scaling-degenerate
    # Percentiles take their range from the many, whatever single pixels hold.
    flat = seen.std < SMALLEST_STD and plan.settings.scaling.method != "percentile"
    if not flat and seen.rms <= (LARGEST_RMS_BOUNDED if bounded else LARGEST_RMS):
        return
    yield make_finding(
        "pixels-unscaled",
        Severity.INFO if plan.requested.scaling.method == "auto" else Severity.BLOCKER,
        seen.to_json(),
        variant="flat" if flat else "adaptive" if adaptive else None,
        words={
            "range": f"{seen.low:.4g} to {seen.high:.4g}",
            "spread": seen.std,
            "optimizer": training.optimizer,
        },
        fix=_mend(plan, seen),
    )


def _is_degenerate(plan: Plan) -> bool:
    """Whether there is no range to scale to: scaling-degenerate says it."""
    if plan.settings.scaling.method != "window":
        return False
    bounds = window_bounds(plan)
    return bounds is None or holds_nothing(plan, *bounds)


def _mend(plan: Plan, seen: Range) -> Fix | None:
    if plan.requested.scaling.method == "auto":
        return None
    # What minmax flattens has a hot pixel; percentiles pass over it.
    if plan.settings.scaling.method == "minmax" and seen.std < SMALLEST_STD:
        return Fix("Scale between percentiles", {"scaling.method": "percentile"})
    return Fix("Use the suggested scaling", {"scaling.method": "auto"})
