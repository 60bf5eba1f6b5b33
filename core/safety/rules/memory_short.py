"""memory-short: by estimate, the run doesn't fit into the memory that is free."""

from collections.abc import Iterator

from counterpoise.core.findings import Finding, Fix, Severity, make_finding
from counterpoise.core.findings.words import size
from counterpoise.core.safety import memory
from counterpoise.core.safety.plan import Plan

# The estimate is right to about a factor of 1.5 (activations live at different times), so over the
# free memory is a warning, and only beyond doubt a blocker.
BEYOND_DOUBT = 1.5


def memory_short(plan: Plan) -> Iterator[Finding]:
    training = plan.settings.training
    batch, device = int(training.batch_size), training.device
    needed = memory.estimate(plan.spec, plan.format, plan.mode, device, batch)
    free = memory.available(plan.host, device)
    if needed <= free or free <= 0:
        return
    fits = memory.largest_batch(plan.spec, plan.format, plan.mode, device, plan.host, batch)
    still = memory.estimate(plan.spec, plan.format, plan.mode, device, fits) > free
    evidence = {"needed_bytes": round(needed), "free_bytes": free, "batch_size": batch, "fits": fits}
    # With the suggested batch size nothing can be mended here, and training may still go through.
    auto = plan.requested.training.batch_size == "auto"
    severity = Severity.INFO if auto else Severity.WARNING
    if needed > BEYOND_DOUBT * free and not auto:
        severity = Severity.BLOCKER
    yield make_finding(
        "memory-short",
        severity,
        evidence,
        variant="anyhow" if still else None,
        words={"needed": size(needed), "free": size(free), "batch": f"{batch:,}", "fitting": f"{fits:,}"},
        fix=None if still else Fix(f"Use batches of {fits}", {"training.batch_size": fits}),
    )
