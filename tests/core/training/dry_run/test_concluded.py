"""What is made of the events of a dry run; each case tells what a real process tells."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from counterpoise.core.findings import Finding, Fix, Severity
from counterpoise.core.jobs.events import Event, event
from counterpoise.core.safety.plan import Plan
from counterpoise.core.training.dry_run import DryRun
from counterpoise.core.training.dry_run.range_test import RateRange
from counterpoise.core.training.dry_run.run import concluded

MB = 10**6
HEALTHY = [0.7 - 0.01 * number for number in range(30)]


@pytest.fixture
def plan(make: Callable[..., Plan]) -> Plan:
    return make()


def told(losses: list[float] = HEALTHY, last: Event | None = None, **measured: Any) -> list[Event]:
    figures = {
        "begun": 101.0, "peak_memory_bytes": 300 * MB, "gpu_memory_bytes": None, "validate_seconds": 0.1,
        "validated": 20, "embed_seconds_per_image": 0.01, "finish_seconds": 0.5, **measured,
    }  # fmt: skip
    return [
        event("stage", stage="decode"),
        event("decoded", images=32, seconds=9.0, usual=False),
        event("decoded", images=32, seconds=0.64, usual=True),
        event("stage", stage="learn"),
        *(event("trial-step", loss=loss, norm=1.0, rate=1e-3, seconds=0.01) for loss in losses),
        event("measured", **figures),
        last or event("finished", result=None),
    ]


def conclude(plan: Plan, events: list[Event], **kwargs: Any) -> DryRun:
    return concluded(plan, events, started=100.0, seconds=9.0, **kwargs)


def only(tried: DryRun) -> Finding:
    (finding,) = tried.findings
    return finding


def test_a_healthy_one_finds_nothing_and_measures(plan: Plan) -> None:
    tried = conclude(plan, told())
    assert tried.ok
    assert tried.start_seconds == pytest.approx(1.0)
    assert tried.decode_seconds_per_image == pytest.approx(0.02)  # of usual images, not the largest
    assert tried.seconds_per_step == pytest.approx(0.01)
    assert tried.forecast is not None
    assert tried.forecast.seconds_low < tried.forecast.seconds < tried.forecast.seconds_high
    assert tried.to_json()["predicted_parts"]["embed"] > 0


def test_more_rounds_take_longer_and_a_budget_bounds_them(make: Callable[..., Plan]) -> None:
    def seconds(**changes: Any) -> float:
        found = conclude(make(**changes), told()).forecast
        assert found is not None
        return found.seconds_high

    assert seconds(**{"training.epochs": 1000}) > seconds(**{"training.epochs": 100})
    assert seconds(**{"training.epochs": 10**6, "training.time_budget_minutes": 1.0}) < 80


@pytest.mark.parametrize(
    ("losses", "symptom"),
    [
        ([0.7, float("nan"), float("nan")], "non-finite"),
        ([0.7, 9.0, 80.0, 900.0, 1e4], "exploding"),
        ([0.7, 4.5e7, 0.69, 0.69, 0.69], "exploding"),
    ],
)
def test_steps_that_go_wrong_block_with_the_cause(plan: Plan, losses: list[float], symptom: str) -> None:
    finding = only(conclude(plan, told(losses)))
    assert (finding.code, finding.severity) == ("dry-run-failed", Severity.BLOCKER)
    assert finding.evidence["symptom"] == symptom
    assert finding.fix is not None


def test_an_error_that_starts_high_and_falls_is_no_explosion(plan: Plan) -> None:
    assert conclude(plan, told([126.0, 15.0, 3.0, 0.6, 0.4])).ok


def test_the_same_answer_for_all_is_a_dead_network(plan: Plan) -> None:
    finding = only(conclude(plan, told(alike=True)))
    assert finding.evidence["symptom"] == "dead"


def test_half_precision_may_skip_a_few_steps(make: Callable[..., Plan]) -> None:
    half = make(**{"model.mode": "finetune", "training.precision": "mixed_float16"})
    nan = float("nan")
    assert conclude(half, told([nan, nan, *HEALTHY])).ok
    assert not conclude(half, told([0.7, nan, nan, nan])).ok


def died(message: str, **cause: Any) -> Event:
    cause = {"signal": None, "exit_code": None, "last_words": "", **cause}
    return event("failed", message=message, cause=cause, exit_status=1)


def test_a_death_is_named_with_its_signal_and_place(plan: Plan) -> None:
    tried = conclude(plan, told(HEALTHY[:3], died("The dry run crashed (SIGSEGV).", signal="SIGSEGV")))
    finding = only(tried)
    assert finding.severity == Severity.BLOCKER
    assert finding.evidence["signal"] == "SIGSEGV"
    assert "in the trial steps" in finding.message
    assert tried.steps == 3
    assert tried.forecast is None


@pytest.mark.parametrize("kernel", [True, False])
def test_memory_that_ran_out_is_named_with_a_size_that_may_fit(
    make: Callable[..., Plan], kernel: bool
) -> None:
    plan = make(**{"model.name": "small_cnn", "model.mode": "scratch", "training.batch_size": 32})
    fix = Fix("Use batches of 16", {"training.batch_size": 16})
    words = "" if kernel else "terminate called after throwing an instance of 'std::bad_alloc'"
    last = died("The dry run ended unexpectedly.", signal="SIGKILL", last_words=words)
    finding = only(conclude(plan, told(HEALTHY[:3], last), memory=kernel))
    assert finding.evidence["symptom"] == "memory"
    assert "memory ran out" in finding.message
    assert "300.0 MB" in finding.message
    assert finding.fix == fix


def test_an_error_of_ours_is_passed_on(plan: Plan) -> None:
    last = event("failed", message="a.png can't be read any more.", cause=None, exit_status=1)
    finding = only(conclude(plan, told([], last)))
    assert "a.png can't be read any more." in finding.message
    assert finding.evidence["symptom"] == "error"


def test_too_little_memory_warns_with_a_batch_that_fits(make: Callable[..., Plan]) -> None:
    plan = make(**{"model.name": "small_cnn", "model.mode": "scratch", "training.batch_size": 32})
    plan = replace(plan, host=replace(plan.host, memory_free=2000 * MB))
    events = told(peak_memory_bytes=2600 * MB, built_memory_bytes=1000 * MB)
    finding = only(conclude(plan, events))
    assert (finding.code, finding.severity) == ("memory-short", Severity.WARNING)
    assert finding.fix is not None
    assert finding.fix.set == {"training.batch_size": 8}
    assert conclude(replace(plan, host=replace(plan.host, memory_free=4000 * MB)), events).ok


def test_a_rate_that_broke_the_range_test_is_too_high(make: Callable[..., Plan]) -> None:
    tried = RateRange((1e-3, 1.0), (0.5, 9.0), (1.0, 1.0), 1e-4, 1e-2, 1e-3, too_high=0.5)
    events = told()
    events.insert(-1, event("range", result=tried))
    finding = only(conclude(make(**{"training.learning_rate": 1.1}), events))
    assert finding.code == "learning-rate-too-high"
    assert finding.fix is not None
    assert finding.fix.set == {"training.learning_rate": 1e-3}
    assert conclude(make(**{"training.learning_rate": 0.9}), events).ok


def test_trial_steps_that_broke_by_the_rate_are_mended_by_the_measured_one(make: Callable[..., Plan]) -> None:
    tried = RateRange((1e-3, 1.0), (0.5, 9.0), (1.0, 1.0), 1e-4, 1e-2, 1e-3, too_high=0.5)
    events = told([0.7, 9.0, 80.0, 900.0, 1e4])
    events.insert(-1, event("range", result=tried))
    finding = only(conclude(make(**{"training.learning_rate": 20.0}), events))
    assert finding.code == "dry-run-failed"
    assert finding.fix is not None
    assert finding.fix.set == {"training.learning_rate": 1e-3}
    assert "20 is planned" in finding.message
