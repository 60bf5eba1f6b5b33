"""no-gpu and gpu-unusable: why training runs on the processor."""

from collections.abc import Iterator

from counterpoise.core.findings import Finding, Fix, Severity, make_finding
from counterpoise.core.safety.plan import Plan


def no_gpu(plan: Plan) -> Iterator[Finding]:
    # Who asked for the processor needn't be told that there is nothing else.
    if not plan.host.gpus and plan.requested.training.device != "cpu":
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
