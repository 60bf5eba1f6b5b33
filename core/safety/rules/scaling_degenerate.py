"""scaling-degenerate: a scaling whose range has no width would give every pixel the same value."""

import math
from collections.abc import Iterator

from counterpoise.core.findings import Finding, Fix, Severity, make_finding
from counterpoise.core.safety.plan import Plan
from counterpoise.core.safety.seen import Range, raw_range

COLOURS = ("red", "green", "blue")


def scaling_degenerate(plan: Plan) -> Iterator[Finding]:
    if not plan.training_images:
        return
    raw = raw_range(plan.training_images, plan.format.units)
    method = plan.settings.scaling.method
    if method == "window":
        yield from _window(plan, raw)
    elif raw.low == raw.high:
        yield make_finding(
            "scaling-degenerate",
            Severity.BLOCKER,
            {"low": raw.low, "high": raw.high},
            variant="constant",
            words={"value": f"{raw.low:g}"},
        )
    elif method in ("minmax", "zscore", "percentile"):
        yield from _channels(plan)


def _window(plan: Plan, raw: Range) -> Iterator[Finding]:
    window = plan.settings.scaling.window
    fix = Fix("Take the window from the images", {"scaling.window": _window_from(raw)})
    if raw.low == raw.high:
        fix = Fix("Use the suggested scaling", {"scaling.method": "auto"})
    if window is None:
        yield make_finding("scaling-degenerate", Severity.BLOCKER, {}, variant="no-window", fix=fix)
        return
    centre, width = window
    bounds = window_bounds(plan)
    if bounds is None:
        yield make_finding(
            "scaling-degenerate",
            Severity.BLOCKER,
            {"centre": str(centre), "width": str(width)},
            variant="width",
            words={"shown": f"{centre:g} as centre and {width:g} as width"},
            fix=fix,
        )
    elif holds_nothing(plan, *bounds):
        low, high = bounds
        yield make_finding(
            "scaling-degenerate",
            Severity.BLOCKER,
            {"low": low, "high": high, "pixels_low": raw.low, "pixels_high": raw.high},
            variant="no-pixels",
            words={"window": f"{low:g} to {high:g}", "pixels": f"{raw.low:g} to {raw.high:g}"},
            fix=fix,
        )


def window_bounds(plan: Plan) -> tuple[float, float] | None:
    """Return the darkest and the brightest value of the window; None where it is no range."""
    centre, width = plan.settings.scaling.window or (math.nan, math.nan)
    if not (math.isfinite(centre) and math.isfinite(width) and width > 0):
        return None
    return centre - width / 2, centre + width / 2


def holds_nothing(plan: Plan, low: float, high: float) -> bool:
    """Whether all pixels lie on one side of the range."""
    raw = raw_range(plan.training_images, plan.format.units)
    return high <= raw.low or low >= raw.high


def _window_from(raw: Range) -> list[float]:
    """Return centre and width that hold mean plus and minus two deviations, within the values there are."""
    low, high = max(raw.low, raw.mean - 2 * raw.std), min(raw.high, raw.mean + 2 * raw.std)
    return [float(f"{(low + high) / 2:.4g}"), float(f"{max(high - low, 1e-6):.4g}")]


def _channels(plan: Plan) -> Iterator[Finding]:
    sample = plan.sample
    # A constant channel among others is set to zero by the fit: no fault where the choice was ours.
    if sample is None or plan.requested.scaling.method == "auto":
        return
    method = plan.settings.scaling.method
    constant = sample.constant_channels
    first, last = sample.percentiles
    narrow = method == "percentile" and first == last
    if constant or narrow:
        names = [COLOURS[i] for i in constant] if plan.format.channels == 3 else ["grey"]
        yield make_finding(
            "scaling-degenerate",
            Severity.BLOCKER,
            {"channels": names, "method": method},
            variant="channel" if constant else "percentile",
            words={"names": " and ".join(names)},
            fix=Fix("Use a scaling that needs no range", {"scaling.method": "auto"}),
        )
