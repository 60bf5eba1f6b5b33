"""The findings of a dry run: what failed and why, what is too much, with numbers and a way out."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from counterpoise.core.findings import Finding, Fix, Severity, make_finding
from counterpoise.core.findings.words import size
from counterpoise.core.jobs.events import Event
from counterpoise.core.jobs.memory_record import names_memory
from counterpoise.core.safety.causes import likeliest_causes
from counterpoise.core.safety.causes.rank import Symptom
from counterpoise.core.safety.memory import available, bytes_per_image
from counterpoise.core.safety.plan import Plan
from counterpoise.core.training.dry_run.range_test import RateRange
from counterpoise.core.training.dry_run.result import Forecast

GREW = 5.0
"""Times the first error: the trial steps end that far above where they began only when they run away."""
EXPLODED = 20.0
"""Times the error of guessing evenly, ln k: a state so wrong has been thrown there by a step too long."""
MOST_SKIPPED = 0.5
"""Of the steps in half precision, which skips a few while it finds its scale."""
CLEARLY = 2.0
"""Times the rate from which on the range test went up again: its place is known no better."""
USABLE = 0.8
"""Part of the free memory that a smaller batch is made to fit into."""


def why_failed(plan: Plan, losses: Sequence[float], alike: bool) -> tuple[Symptom, str] | None:
    """Return the symptom of steps that went wrong and what was seen; None where they went well."""
    broken = [number for number, loss in enumerate(losses, 1) if not math.isfinite(loss)]
    skipped = plan.settings.training.precision == "mixed_float16"
    if broken and (not skipped or len(broken) > MOST_SKIPPED * len(losses)):
        return "non-finite", f"the error was no longer a number at step {broken[0]} of {len(losses)}"
    finite = [loss for loss in losses if math.isfinite(loss)]
    if not finite:
        return None
    guess = math.log(max(2, len(plan.catalog.labels)))
    first, last = finite[0], min(finite[-3:])
    if last > max(GREW * first, 2 * guess) or (max(finite) > EXPLODED * max(first, guess)):
        return "exploding", f"the error grew from {first:.3g} to {max(finite):.3g} in {len(losses)} steps"
    if alike:
        return "dead", f"after {len(losses)} steps the network gives the same answer for every image"
    return None


def failed(plan: Plan, symptom: Symptom, seen: str, tried: RateRange | None) -> Finding:
    """Return ``dry-run-failed`` for steps that went wrong, with the likeliest cause.

    Where the range test itself shows that the rate is too high, that was measured; else the settings tell.
    """
    evidence = {"symptom": symptom, "cause": seen}
    if tried is not None and clearly_too_high(plan, tried):
        return make_finding(
            "dry-run-failed",
            Severity.BLOCKER,
            {**evidence, **_rate_evidence(plan, tried)},
            variant="rate",
            words=_rate_words(plan, tried),
            fix=_measured_rate(tried),
        )
    cause = likeliest_causes(symptom, plan.settings, plan.weights, plan.train_counts)[0]
    return make_finding(
        "dry-run-failed", Severity.BLOCKER, evidence, words={"why": cause.sentence}, fix=cause.fix
    )


def ended(
    plan: Plan, last: Event, stage: str, measured: Mapping[str, Any], killed_for_memory: bool
) -> tuple[Finding, ...]:
    """Return the findings about a process that didn't come to its end: of what, and where."""
    words = str(last["message"]).rstrip(".")
    cause = last.get("cause") or {}
    evidence = {
        "symptom": "died" if cause else "error",
        "stage": stage,
        "signal": cause.get("signal"),
        "exit_code": cause.get("exit_code"),
    }
    if killed_for_memory or names_memory(words) or names_memory(str(cause.get("last_words", ""))):
        finding = _out_of_memory(plan, measured, {**evidence, "symptom": "memory"}, stage)
        return (finding,)
    variant = "died" if cause else "stopped"
    return (
        make_finding(
            "dry-run-failed",
            Severity.BLOCKER,
            {**evidence, "cause": words},
            variant=variant,
            words={"where": STAGES.get(stage, "while it began")},
        ),
    )


STAGES = {
    "decode": "while images were read",
    "scaling": "while the pixel range was fitted",
    "embed": "while the network looked at images",
    "head": "while the head was learnt",
    "build": "while the network was built",
    "learn": "in the trial steps",
    "validate": "while validation images were judged",
    "range": "in the test of learning rates",
    "finish": "while the results were written",
}


def _out_of_memory(plan: Plan, measured: Mapping[str, Any], evidence: dict[str, Any], stage: str) -> Finding:
    batch = int(plan.settings.training.batch_size)
    cause = likeliest_causes("memory", plan.settings, plan.weights, plan.train_counts)[0]
    peak = measured.get("peak_memory_bytes")
    return make_finding(
        "dry-run-failed",
        Severity.BLOCKER,
        {**evidence, "cause": "memory ran out", "peak_memory_bytes": peak, "batch_size": batch},
        variant="memory",
        words={
            "where": STAGES.get(stage, "while it began"),
            "peak": f" (it had {size(peak)} when it last told)" if peak else "",
            "batch": batch,
            "why": cause.sentence,
        },
        fix=cause.fix,
    )


def memory_short(plan: Plan, expected: Forecast, measured: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Return ``memory-short`` where what was measured, put forward to the whole run, is over what is free."""
    device = plan.settings.training.device
    on_card = device == "gpu" and measured.get("gpu_memory_bytes")
    needed = int(measured["gpu_memory_bytes"]) if on_card else expected.memory_bytes
    free = available(plan.host, "gpu" if on_card else "cpu")
    if needed <= free or free <= 0:
        return ()
    batch = int(plan.settings.training.batch_size)
    built = int(measured.get("built_memory_bytes") or 0)
    each = (
        (needed - built) / batch
        if built and not on_card
        else bytes_per_image(plan.spec, plan.format, plan.mode)
    )
    fits = batch
    while fits > 1 and needed - (batch - fits) * each > USABLE * free:
        fits //= 2
    helps = needed - (batch - fits) * each <= free and fits < batch
    return (
        make_finding(
            "memory-short",
            Severity.WARNING,
            {"needed_bytes": needed, "free_bytes": free, "batch_size": batch, "fits": fits, "measured": True},
            variant="measured" if helps else "measured-anyhow",
            words={"needed": size(needed), "free": size(free), "batch": f"{batch:,}", "fitting": f"{fits:,}"},
            fix=Fix(f"Use batches of {fits}", {"training.batch_size": fits}) if helps else None,
        ),
    )


def rate_too_high(plan: Plan, tried: RateRange | None) -> tuple[Finding, ...]:
    """Return ``learning-rate-too-high`` where the range test went up again below the planned rate."""
    if tried is None or not clearly_too_high(plan, tried):
        return ()
    return (
        make_finding(
            "learning-rate-too-high",
            Severity.WARNING,
            {**_rate_evidence(plan, tried), "measured": True},
            variant="measured",
            words=_rate_words(plan, tried),
            fix=_measured_rate(tried),
        ),
    )


def clearly_too_high(plan: Plan, tried: RateRange) -> bool:
    """Whether the planned rate lies well above the one from which on the error grows again."""
    planned = float(plan.settings.training.learning_rate)
    return tried.too_high is not None and planned >= CLEARLY * tried.too_high


def _rate_evidence(plan: Plan, tried: RateRange) -> dict[str, Any]:
    return {
        "learning_rate": float(plan.settings.training.learning_rate),
        "limit": tried.safe_high,
        "too_high": tried.too_high,
        "suggested": tried.suggested,
    }


def _rate_words(plan: Plan, tried: RateRange) -> dict[str, str]:
    return {
        "rate": f"{float(plan.settings.training.learning_rate):.3g}",
        "from": f"{tried.too_high:.2g}",
        "safe": f"{tried.safe_high:.2g}",
    }


def _measured_rate(tried: RateRange) -> Fix:
    return Fix(f"Use the measured rate {tried.suggested:g}", {"training.learning_rate": tried.suggested})
