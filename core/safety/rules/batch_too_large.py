"""batch-too-large: a batch can't be larger than the training part."""

from collections.abc import Iterator

from counterpoise.core.findings import Finding, Fix, Severity, make_finding
from counterpoise.core.safety.plan import Plan


def batch_too_large(plan: Plan) -> Iterator[Finding]:
    batch, images = int(plan.settings.training.batch_size), len(plan.training_images)
    if images and batch > images:
        yield make_finding(
            "batch-too-large",
            Severity.BLOCKER,
            {"batch_size": batch, "training_images": images},
            words={"batch": f"{batch:,}", "images": f"{images:,}"},
            fix=Fix("Use the suggested batch size", {"training.batch_size": "auto"}),
        )
