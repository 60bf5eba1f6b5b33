"""Real dry runs of the quick way on a tiny set: processes that work, break, die, are killed or cancelled."""

import json
import os
import resource
import signal
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from counterpoise.core.jobs.events import Event
from counterpoise.core.safety.check import check
from counterpoise.core.safety.plan import Plan
from counterpoise.core.training.dry_run import DryRunCancelledError, dry_run

MakePlan = Callable[..., Plan]


def children() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if "resource_tracker" not in str(child.cmdline())]


@pytest.fixture(autouse=True)
def own_temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def at_stage(name: str, do: Callable[[], object]) -> Callable[[Event], None]:
    """Do something when a stage begins for the first time."""
    done: list[bool] = []

    def hear(what: Event) -> None:
        if what["event"] == "stage" and what["stage"] == name and not done:
            done.append(True)
            do()

    return hear


def test_it_takes_real_steps_measures_foretells_and_leaves_nothing(
    make: MakePlan, own_temporary: Path
) -> None:
    plan = make()
    before = sorted(plan.cache.rglob("*"))
    heard: list[Event] = []
    tried = dry_run(plan, heard.append)
    assert tried.findings == ()
    assert tried.steps == 30
    assert tried.losses[-1] < tried.losses[0]
    assert min(tried.gradient_norms) > 0
    assert tried.peak_memory_bytes > 50 * 2**20
    assert tried.val_loss is not None
    assert tried.forecast is not None
    assert {"start", "decode", "embed", "learn", "finish"} <= set(tried.forecast.parts)
    assert 0 < tried.forecast.seconds_low <= tried.forecast.seconds <= tried.forecast.seconds_high
    assert tried.predicted_memory_bytes >= tried.peak_memory_bytes
    assert tried.rate_range is not None
    assert tried.rate_range.safe_high > 1e-3
    told = json.loads(json.dumps(tried.to_json(), allow_nan=False))
    assert len(told["losses"]) == told["steps"]
    assert {e["stage"] for e in heard if e["event"] == "stage"} >= {"decode", "embed", "learn", "range"}
    assert plan.run is not None
    assert not plan.run.exists()
    assert sorted(plan.cache.rglob("*")) == before
    assert list(own_temporary.iterdir()) == []
    assert children() == []


def test_a_rate_far_too_high_fails_and_the_offered_fix_mends_it(make: MakePlan) -> None:
    wild: dict[str, Any] = {"training.optimizer": "sgd", "training.learning_rate": 1e8}
    tried = dry_run(make(**wild))
    failed = next(f for f in tried.findings if f.code == "dry-run-failed")
    assert failed.evidence["symptom"] in ("non-finite", "exploding")
    assert failed in check(make(**wild), extra=tried.findings).blockers
    assert failed.fix is not None
    assert dry_run(make(**{**wild, **failed.fix.set})).ok


def test_a_process_that_is_killed_is_a_verdict_not_a_crash(make: MakePlan, own_temporary: Path) -> None:
    tried = dry_run(make(), at_stage("learn", lambda: [os.kill(c.pid, signal.SIGKILL) for c in children()]))
    (finding,) = tried.findings
    assert finding.code == "dry-run-failed"
    assert finding.evidence["signal"] == "SIGKILL"
    assert list(own_temporary.iterdir()) == []


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="needs Linux' prlimit")
def test_memory_that_is_refused_ends_in_a_verdict(make: MakePlan) -> None:
    def limit() -> None:
        for child in children():
            room = child.memory_info().vms + 2**20
            resource.prlimit(child.pid, resource.RLIMIT_AS, (room, room))

    (finding,) = dry_run(make(), at_stage("embed", limit)).findings
    # Where the library can still say what it lacked, memory is named; where it crashed, the signal is.
    assert finding.evidence["symptom"] == "memory" or finding.evidence["signal"] in ("SIGSEGV", "SIGABRT")
    assert "while the network looked at images" in finding.message


def test_cancelling_ends_it_at_once(make: MakePlan, own_temporary: Path) -> None:
    asked: list[float] = []
    hear = at_stage("decode", lambda: asked.append(time.monotonic()))
    with pytest.raises(DryRunCancelledError):
        dry_run(make(), hear, lambda: bool(asked))
    assert time.monotonic() - asked[0] < 2
    assert children() == []
    assert list(own_temporary.iterdir()) == []


def test_one_that_never_ends_is_ended(make: MakePlan) -> None:
    def freeze() -> None:
        for child in children():
            os.kill(child.pid, signal.SIGSTOP)

    (finding,) = dry_run(make(), at_stage("decode", freeze), longest=3.0).findings
    assert "did not end within 3 s" in finding.message
    assert children() == []


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["scratch", "finetune"])
def test_a_whole_network_takes_compiled_steps(make: MakePlan, mode: str) -> None:
    network = {"scratch": "small_cnn", "finetune": "efficientnet_lite0"}[mode]
    tried = dry_run(make(**{"model.name": network, "model.mode": mode}))
    assert tried.ok, tried.findings
    assert 3 <= tried.steps <= 30
    assert tried.forecast is not None
    assert {"build", "learn", "finish"} <= set(tried.forecast.parts)
    assert (tried.rate_range is None) == (tried.why_no_range is not None)


@pytest.mark.slow
def test_a_network_that_breaks_is_told_with_its_likeliest_cause(make: MakePlan) -> None:
    wild = {"training.optimizer": "sgd", "training.learning_rate": 100.0, "scaling.method": "none"}
    tried = dry_run(make(**{"model.name": "small_cnn", "model.mode": "scratch", **wild}))
    failed = next(f for f in tried.findings if f.code == "dry-run-failed")
    assert failed.evidence["symptom"] in ("non-finite", "exploding", "dead")
    assert failed.fix is not None
