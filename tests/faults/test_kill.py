"""The training process is killed for real: nothing is lost, and the result is that of the unbroken run."""

import json
import os
import signal
import time

import numpy as np
import psutil
import pytest
from tests_training import work_here

from counterpoise.core.figures.predictions import read_predictions
from counterpoise.core.jobs.job import Job
from counterpoise.core.study.run_folder import RunFolder
from counterpoise.core.training.start import resume, train


def training_process():
    """Return the child that trains (not multiprocessing's own helper)."""
    children = psutil.Process().children()
    return next(p for p in children if "resource_tracker" not in " ".join(p.cmdline()))


def told(run):
    return [json.loads(line) for line in run.events.read_text().splitlines()]


def probabilities(run):
    return np.array([line.probabilities for line in read_predictions(run.predictions)[1]])


def train_and_kill(plan, when, number=signal.SIGKILL):
    """Train; at the first event for which ``when`` holds the child is killed. Returns status and run."""
    killed = []

    def emit(what):
        if not killed and when(what):
            killed.append(what)
            training_process().send_signal(number)

    status = train(plan, emit=emit)
    assert killed
    return status, RunFolder(plan.run)


@pytest.mark.parametrize("stage", ["decode", "embed", "learn"])
def test_killed_in_any_stage_it_goes_on_by_itself_to_the_same_end(make, stage):
    changes = {"training.epochs": 20, "training.patience": 20}
    whole = work_here(make("whole", **changes))
    # Another cache: the broken run has all the work before it.
    status, run = train_and_kill(make("broken", "own", **changes), lambda what: what.get("stage") == stage)
    assert status == 0
    guards = [e for e in told(run) if e["event"] == "guard"]
    assert [g["code"] for g in guards] == ["process-died"]
    assert guards[0]["evidence"]["signal"] == "SIGKILL"
    assert np.abs(probabilities(run) - probabilities(whole.run)).max() < 1e-5
    assert [e["epoch"] for e in told(run) if e["event"] == "epoch"] == list(range(1, 21))
    assert not run.checkpoints.exists()


def test_a_whole_network_killed_in_mid_run_ends_where_the_unbroken_one_ends(make):
    pytest.importorskip("keras")
    changes = {
        "model.mode": "scratch",
        "model.name": "small_cnn",
        "training.epochs": 4,
        "training.patience": 4,
        "training.augment": "microscopy",
    }
    whole = work_here(make("whole", **changes))
    status, run = train_and_kill(
        make("broken", **changes), lambda what: what.get("epoch") == 2, signal.SIGSEGV
    )
    assert status == 0
    assert np.abs(probabilities(run) - probabilities(whole.run)).max() < 1e-5
    assert [e["epoch"] for e in told(run) if e["event"] == "epoch"] == [1, 2, 3, 4]
    assert next(e for e in told(run) if e["event"] == "guard")["evidence"]["signal"] == "SIGSEGV"


def test_killed_again_and_again_it_gives_up_and_can_be_resumed(make):
    plan = make(**{"training.epochs": 5})

    def emit(what):
        if what.get("stage") == "embed":
            training_process().kill()

    assert train(plan, emit=emit) == 1
    run = RunFolder(plan.run)
    last = told(run)[-1]
    assert (last["event"], last["resumable"]) == ("failed", True)
    assert "SIGKILL" in last["message"]
    assert resume(run, None, plan.cache, emit=lambda _: None) == 0
    assert run.is_finished


def test_killing_the_supervisor_ends_its_child_and_the_run_can_be_resumed(make):
    plan = make(**{"training.epochs": 5})
    with Job("tests_training:train_telling", plan) as job:
        for what in job.events():
            if what["event"] == "said" and what["what"].get("stage") == "embed":
                break
        supervisor = psutil.Process(job.pid)
        children = supervisor.children()
        os.kill(job.pid, signal.SIGKILL)
        _, alive = psutil.wait_procs(children, timeout=10)
        assert not alive
    run = RunFolder(plan.run)
    assert resume(run, None, plan.cache, emit=lambda _: None) == 0
    assert [e["epoch"] for e in told(run) if e["event"] == "epoch"] == [1, 2, 3, 4, 5]


def test_sigterm_pauses_within_seconds(make):
    plan = make(**{"training.epochs": 100000, "training.patience": 100000})
    with Job("tests_training:train_telling", plan) as job:
        for what in job.events():
            if what["event"] == "said" and what["what"]["event"] == "epoch":
                break
        asked = time.monotonic()
        os.kill(job.pid, signal.SIGTERM)
        *_, last = job.events()
        assert last["result"] == 1
        assert time.monotonic() - asked < 10
    last = told(RunFolder(plan.run))[-1]
    assert (last["event"], last["resumable"], last["paused"]) == ("failed", True, True)
