"""scaling-mismatch: a scaling that cuts away or hides what tells the images apart."""

from collections.abc import Iterator

from counterpoise.core.findings import Finding, Fix, Severity, make_finding
from counterpoise.core.findings.words import percent
from counterpoise.core.safety.plan import Plan
from counterpoise.core.safety.rules.scaling_degenerate import holds_nothing, window_bounds
from counterpoise.core.safety.seen import raw_range

MOST_CUT = 0.1  # the catalogue's
# Hounsfield units: air is -1,000, so a mean this low or pixels below it are CT and nothing else.
BELOW_IS_CT = -500.0


def scaling_mismatch(plan: Plan) -> Iterator[Finding]:
    method = plan.settings.scaling.method
    if method in ("window", "percentile"):
        yield from _cut_away(plan)
    elif method == "image_zscore" and _absolute(plan):
        yield make_finding(
            "scaling-mismatch",
            _severity(plan),
            {"method": method},
            variant="absolute",
            fix=Fix("Use the suggested scaling", {"scaling.method": "auto"}),
        )


def _severity(plan: Plan) -> Severity:
    return Severity.INFO if plan.requested.scaling.method == "auto" else Severity.WARNING


def _absolute(plan: Plan) -> bool:
    images = plan.training_images
    return plan.format.units == "dicom" and bool(images) and raw_range(images, "dicom").low < BELOW_IS_CT


def _cut_away(plan: Plan) -> Iterator[Finding]:
    sample = plan.sample
    if sample is None:
        return
    if plan.settings.scaling.method == "window":
        bounds = window_bounds(plan)
        if bounds is None or holds_nothing(plan, *bounds):
            return  # scaling-degenerate says it
        low, high = bounds
    else:
        low, high = sample.percentiles
    share = sample.share_outside(low, high)
    if share > MOST_CUT:
        yield make_finding(
            "scaling-mismatch",
            _severity(plan),
            {"share": share, "low": low, "high": high},
            words={"part": percent(share), "range": f"{low:g} to {high:g}"},
            fix=Fix("Scale from darkest to brightest", {"scaling.method": "minmax"}),
        )
