"""no-gpu and gpu-unusable: why training runs on the processor."""

from collections.abc import Iterator

from counterpoise.core.findings import Finding, Fix, Severity, make_finding
from counterpoise.core.safety.plan import Plan


def no_gpu(plan: Plan) -> Iterator[Finding]:
    if plan.host.gpus:
        return
    training = plan.settings.training
    if training.device == "cpu" and training.precision.startswith("mixed") and plan.mode != "features":
        # MobileNetV2 at 96 pixels on a processor with neither type in its units: a step takes 0.14 s of its
        # time in float32, 0.32 s in mixed_float16, 0.18 s in mixed_bfloat16.
        yield make_finding(
            "no-gpu",
            Severity.WARNING,
            {"reason": plan.host.gpu_reason, "cards": [], "precision": training.precision},
            variant="half",
            fix=Fix(
                "Train in full precision on the processor",
                {"training.precision": "float32", "training.device": "cpu"},
            ),
        )
    # Who asked for the processor needn't be told that there is nothing else.
    elif plan.requested.training.device != "cpu":
        yield from _said(plan, "no-gpu", Severity.INFO)


def gpu_unusable(plan: Plan) -> Iterator[Finding]:
    if plan.host.gpus and plan.host.gpu_reason and plan.requested.training.device != "cpu":
        yield from _said(plan, "gpu-unusable", Severity.WARNING)


def _said(plan: Plan, code: str, severity: Severity) -> Iterator[Finding]:
    asked = plan.requested.training.device == "gpu"
    yield make_finding(
        code,
        Severity.BLOCKER if asked else severity,
        {"reason": plan.host.gpu_reason, "cards": [gpu.name for gpu in plan.host.gpus]},
        variant="asked" if asked else None,
        fix=Fix("Train on the processor", {"training.device": "cpu"}) if asked else None,
    )
