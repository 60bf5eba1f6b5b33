"""image-size-mismatch: images blown up, shrunk too far, or smaller than the network can take."""

from collections.abc import Iterator
from statistics import median

from counterpoise.core.findings import Finding, Fix, Severity, make_finding
from counterpoise.core.safety.plan import Plan

UPSCALED = 4  # the catalogue's
# Beyond this a structure of ten pixels, such as a nodule or a platelet, becomes one.
THROWN_AWAY = 8


def image_size_mismatch(plan: Plan) -> Iterator[Finding]:
    if not plan.training_images:
        return
    side = plan.format.size[0]
    original = median(min(image.width, image.height) for image in plan.training_images)
    wanted = plan.requested.model.image_size
    asked = wanted != "auto"
    if wanted != "auto" and wanted < plan.spec.minimum_size:
        variant = "small"
    elif side > UPSCALED * original:
        variant = "upscaled"
    elif original > THROWN_AWAY * side:
        variant = "detail"
    else:
        return
    times = max(side / original, original / side)
    yield make_finding(
        "image-size-mismatch",
        Severity.WARNING if asked else Severity.INFO,
        {"image_size": side, "median_side": original, "minimum_size": plan.spec.minimum_size},
        variant=variant,
        words={
            "asked": wanted,
            "original": f"{original:.0f}",
            "times": f"{times:.0f}",
        },
        fix=Fix("Use the suggested image size", {"model.image_size": "auto"}) if asked else None,
    )
