"""augmentation-unsafe: mirroring images whose sides carry meaning."""

from collections.abc import Iterator

from counterpoise.core.findings import Finding, Fix, Severity, make_finding
from counterpoise.core.pixels.augment import PRESETS
from counterpoise.core.safety.plan import Plan


def augmentation_unsafe(plan: Plan) -> Iterator[Finding]:
    preset = plan.settings.training.augment
    if plan.mode == "features" or preset == "none" or not PRESETS[preset].flips:
        return
    if _may_have_sides(plan):
        yield make_finding(
            "augmentation-unsafe",
            Severity.INFO,
            {"augment": preset},
            fix=Fix("Leave the sides as they are", {"training.augment": "radiograph"}),
        )


def _may_have_sides(plan: Plan) -> bool:
    """Grey images are mostly X-rays, CT, MRI and ultrasound, also where files store them as colour."""
    if plan.format.channels == 1 or plan.format.units == "dicom":
        return True
    return plan.sample is not None and plan.sample.grey
