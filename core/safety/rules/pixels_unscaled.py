"""pixels-unscaled: the first layer would see values far outside the range it can train on."""

from collections.abc import Iterator

from counterpoise.core.findings import Finding, Fix, Severity, make_finding
from counterpoise.core.safety.plan import Plan
from counterpoise.core.safety.seen import seen_range

# Initial weights are drawn for inputs of about unit size (LeCun et al. 1998, Efficient BackProp,
# 4.3; Glorot and Bengio 2010), and the first gradient grows with the square of the input. Raw
# 0..255 (root mean square some 100 to 180) gave a dead network under SGD .01 and NaN under SGD .1;
# 0..1, -1..1 and z-scores lie between .1 and 1.5. Ten is far from both.
LARGEST_RMS = 10.0
# Below this spread images differ by less than the first layer's noise.
SMALLEST_STD = 1e-3


def pixels_unscaled(plan: Plan) -> Iterator[Finding]:
    if not plan.training_images or plan.settings.scaling.method not in ("none", "zscore", "image_zscore"):
        return
    seen = seen_range(plan)
    if seen.std >= SMALLEST_STD and seen.rms <= LARGEST_RMS:
        return
    if seen.std == 0:
        return  # nothing to see at all: scaling-degenerate
    yield make_finding(
        "pixels-unscaled",
        Severity.BLOCKER,
        seen.to_json(),
        words={"range": f"{seen.low:.4g} to {seen.high:.4g}", "mode": plan.mode},
        fix=Fix("Use the suggested scaling", {"scaling.method": "auto"}),
    )
