"""augmentation-unsafe: mirroring images whose sides carry meaning."""

from collections.abc import Iterator

from counterpoise.core.findings import Finding, Fix, Severity, make_finding
from counterpoise.core.pixels.augment import PRESETS
from counterpoise.core.safety.plan import Plan


def augmentation_unsafe(plan: Plan) -> Iterator[Finding]:
    preset = plan.settings.training.augment
    if plan.mode == "features" or preset == "none" or not PRESETS[preset].flips:
        return
    # Grey images are mostly X-rays, CT, MRI and ultrasound: the heart lies on the left.
    if plan.format.channels == 1 or plan.format.units == "dicom":
        yield make_finding(
            "augmentation-unsafe",
            Severity.INFO,
            {"augment": preset},
            fix=Fix("Leave the sides as they are", {"training.augment": "radiograph"}),
        )
