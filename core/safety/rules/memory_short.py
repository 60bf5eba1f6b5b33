"""memory-short: by estimate, the run doesn't fit into the memory that is free."""

from collections.abc import Iterator

from counterpoise.core.catalog.types import PARTS
from counterpoise.core.findings import Finding, Fix, Severity, make_finding
from counterpoise.core.findings.words import size
from counterpoise.core.pixels.choose import choose_format
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
    sized = plan.requested.model.image_size != "auto"
    # Where both are ours nothing can be mended here, and training may still go through.
    auto = plan.requested.training.batch_size == "auto" and not sized
    severity = Severity.INFO if auto else Severity.WARNING
    if needed > BEYOND_DOUBT * free and not auto:
        severity = Severity.BLOCKER
    yield make_finding(
        "memory-short",
        severity,
        evidence,
        variant="anyhow" if still else None,
        words={"needed": size(needed), "free": size(free), "batch": f"{batch:,}", "fitting": f"{fits:,}"},
        fix=_mend(plan, fits, still, sized),
    )


def _mend(plan: Plan, fits: int, still: bool, sized: bool) -> Fix | None:
    """Offer the batch that fits; where none does, the suggested image size if that helps."""
    if not still:
        return Fix(f"Use batches of {fits}", {"training.batch_size": fits})
    device = plan.settings.training.device
    suggested = choose_format(plan.catalog.part(*PARTS), "auto", plan.spec.minimum_size)
    least = memory.estimate(plan.spec, suggested, plan.mode, device, 1)
    if not sized or least > memory.available(plan.host, device):
        return None
    return Fix("Use the suggested image size", {"model.image_size": "auto", "training.batch_size": "auto"})
