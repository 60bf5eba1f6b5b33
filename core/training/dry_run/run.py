"""Starts a dry run, listens to it, and puts together what it told, whatever end it came to."""

import dataclasses
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from counterpoise.core.catalog.snapshot import write_split_csv
from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.findings import Finding
from counterpoise.core.jobs.events import LAST, Event, event
from counterpoise.core.jobs.job import Job
from counterpoise.core.jobs.memory_record import killed_for_memory
from counterpoise.core.safety.plan import Plan
from counterpoise.core.study.run_folder import RunFolder
from counterpoise.core.training.dry_run import verdict
from counterpoise.core.training.dry_run.child import Trial, try_steps
from counterpoise.core.training.dry_run.forecast import forecast
from counterpoise.core.training.dry_run.range_test import FEWEST_STEPS
from counterpoise.core.training.dry_run.result import DryRun
from counterpoise.core.training.dry_run.sample import draw
from counterpoise.core.training.record import new_config, write_config
from counterpoise.core.training.start import make_work

POLL = 0.1
LONGEST = 300.0
"""Seconds after which a process that hasn't come to its end is taken for stuck."""


class DryRunCancelledError(CounterpoiseError):
    """Someone asked for the end."""


def dry_run(
    plan: Plan,
    on_event: Callable[[Event], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    longest: float = LONGEST,
) -> DryRun:
    """Take a few dozen real steps with ``plan``'s settings in a process of its own; say what came of it.

    Nothing of it is kept and the run's folder isn't touched. ``on_event`` hears stages and steps as they
    come (``trial-step`` with ``loss``, ``norm``, ``rate``). Raises DryRunCancelledError where ``cancelled``
    says so.
    """
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="counterpoise-dry-run-", ignore_cleanup_errors=True) as folder:
        trial = make_trial(plan, Path(folder))
        before = killed_for_memory.reading()
        started = time.time()
        told: list[Event] = []
        with Job(try_steps, trial, name="dry run") as job:
            while not told or told[-1]["event"] not in LAST:
                for what in job.events(timeout=POLL):
                    told.append(what)
                    if on_event is not None:
                        on_event(what)
                if cancelled is not None and cancelled():
                    raise DryRunCancelledError("The dry run was cancelled.")
                if time.perf_counter() - began > longest:
                    told.append(event("failed", message=f"It did not end within {longest:.0f} s."))
        memory = killed_for_memory.since(before)
    return concluded(plan, told, started, time.perf_counter() - began, memory)


def make_trial(plan: Plan, folder: Path) -> Trial:
    """Write the record of a run on a few images below ``folder``; return what the process is handed."""
    sample = draw(plan.catalog, int(plan.settings.training.batch_size), plan.mode)
    catalog = dataclasses.replace(plan.catalog, images=sample.images, findings=())
    run = RunFolder(folder / "run")
    run.root.mkdir()
    write_split_csv(catalog, run.split)
    config = new_config(plan, run.split)
    write_config(run, config)
    work = make_work(run, catalog, folder / "cache", plan.settings.model.weights)
    work = dataclasses.replace(work, train=(*sample.hardest, *sample.typical), val=sample.val)
    return Trial(work, config, len(sample.hardest))


def concluded(
    plan: Plan, told: Sequence[Event], started: float, seconds: float, memory: bool = False
) -> DryRun:
    """Put together what a dry run told, in order; its last event is ``finished`` or ``failed``."""
    measured = _measured(told, started)
    steps = [what for what in told if what["event"] == "trial-step"]
    losses = [float(step["loss"]) for step in steps]
    tried = next((what["result"] for what in told if what["event"] == "range"), None)
    usual = _usual_step(plan, [float(step["seconds"]) for step in steps])
    finished = told[-1]["event"] == "finished"
    expected = forecast(plan, measured, usual) if finished and usual is not None else None
    found: list[Finding] = []
    if not finished:
        stage = next((str(what["stage"]) for what in reversed(told) if what["event"] == "stage"), "")
        found += verdict.ended(plan, told[-1], stage, measured, memory)
    if (wrong := verdict.why_failed(plan, losses, bool(measured.get("alike")))) is not None:
        found.append(verdict.failed(plan, *wrong, tried))
    if expected is not None:
        found += verdict.memory_short(plan, expected, measured)
    if wrong is None:  # else it is said there
        found += verdict.rate_too_high(plan, tried)
    return DryRun(
        findings=tuple(found),
        steps=len(steps),
        seconds=seconds,
        losses=tuple(losses),
        gradient_norms=tuple(float(step["norm"]) for step in steps),
        val_loss=measured.get("val_loss"),
        peak_memory_bytes=measured.get("peak_memory_bytes"),
        gpu_memory_bytes=measured.get("gpu_memory_bytes"),
        seconds_per_step=usual,
        decode_seconds_per_image=measured.get("decode_seconds_per_image"),
        embed_seconds_per_image=measured.get("embed_seconds_per_image"),
        start_seconds=measured.get("start_seconds"),
        checkpoint_seconds=measured.get("checkpoint_seconds"),
        forecast=expected,
        rate_range=tried,
        why_no_range=None if tried is not None else _why_no_range(measured, finished),
    )


def _measured(told: Sequence[Event], started: float) -> dict[str, Any]:
    """Return the figures told, by name; the last of a name counts."""
    found: dict[str, Any] = {}
    for what in told:
        if what["event"] == "measured":
            found |= {key: value for key, value in what.items() if key not in ("event", "time")}
    if "begun" in found:
        found["start_seconds"] = max(0.0, found["begun"] - started)
    decoded = [what for what in told if what["event"] == "decoded"]
    # The largest images take longer than most: where others were decoded too, those tell the usual time.
    decoded = [what for what in decoded if what["usual"]] or decoded
    if decoded:
        images = sum(int(what["images"]) for what in decoded)
        found["decode_seconds_per_image"] = sum(float(what["seconds"]) for what in decoded) / max(1, images)
    return found


def _usual_step(plan: Plan, seconds: Sequence[float]) -> float | None:
    """Return the middle of the steps' seconds; the first of a network builds its graph and isn't counted."""
    counted = seconds if plan.mode == "features" else seconds[1:]
    return statistics.median(counted) if counted else None


def _why_no_range(measured: dict[str, Any], finished: bool) -> str:
    if (step := measured.get("range_left_out")) is not None:
        return (
            f"A step takes {step:.1f} s on this computer, too long to try at least {FEWEST_STEPS} rates in "
            "the time of a dry run."
        )
    return "The curve had too few points." if finished else "The dry run ended before."
