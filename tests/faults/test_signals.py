"""Signals at random moments of every stage, to the process that trains and to the one that owns it."""

import os
import random
import signal
import threading

import psutil
import pytest
from fault_runs import KILL, assert_same, fault, resumable

STAGE_SECONDS = {
    "decode": 0.02,
    "scaling": 0.1,
    "embed": 0.15,
    "learn": 1.5,
    "finish": 0.2,
    "build": 3,
    "head": 0.1,
}
"""About how long a stage takes here: the moments lie anywhere in it."""


def moment(stage, kind):
    """Let a random part of the stage pass; the same in every run of the tests."""
    share = random.Random(f"{kind} {stage}").random()
    threading.Event().wait(share * STAGE_SECONDS[stage])


@pytest.mark.parametrize(
    ("kind", "stage", "number"),
    [
        fault("child killed while it decodes", "features", "decode", "SIGKILL"),
        fault("child killed while the scaling is fitted", "features", "scaling", "SIGKILL"),
        fault("child crashes while it embeds", "features", "embed", "SIGSEGV"),
        fault("child killed while the head learns", "long", "learn", "SIGKILL", quick=True),
        fault("child aborts while the head learns", "long", "learn", "SIGABRT"),
        fault("child loses its memory map while it decodes", "features", "decode", "SIGBUS"),
        fault("child terminated while it embeds", "features", "embed", "SIGTERM"),
        fault("child does something illegal while it writes the model", "features", "finish", "SIGILL"),
        fault("child killed while it writes the model", "features", "finish", "SIGKILL"),
        fault("child of a plain network killed while TensorFlow is built", "scratch", "build", "SIGKILL"),
        fault("child of a plain network crashes while it learns", "scratch", "learn", "SIGSEGV"),
        fault("child killed while a pretrained network is adapted", "finetune", "learn", "SIGKILL"),
    ],
)
def test_a_child_that_dies_is_started_again_and_ends_as_the_unbroken_run(
    place, unbroken, kind, stage, number
):
    place.kind = kind
    training = place.train()
    training.until(stage)
    child = training.child()
    moment(stage, kind)
    died = psutil.pid_exists(child.pid) and not place.run.is_finished
    if died:
        child.send_signal(getattr(signal, number))
    ended = training.end()
    assert ended.status == 0, ended.last
    if died:
        guard = next(e for e in ended.of("guard") if e["code"] == "process-died")
        assert guard["evidence"]["signal"] == number
        assert number in guard["message"]
    assert_same(place.run, unbroken(kind))


@pytest.mark.parametrize(
    ("kind", "stage", "number"),
    [
        fault("owner killed while images are decoded", "features", "decode", "SIGKILL"),
        fault("owner killed while images are embedded", "features", "embed", "SIGKILL", quick=True),
        fault("owner killed while the head learns", "long", "learn", "SIGKILL"),
        fault("owner killed while the model is written", "features", "finish", "SIGKILL"),
        fault("owner of a plain network killed while it learns", "scratch", "learn", "SIGKILL"),
        fault("owner crashes while the head learns", "long", "learn", "SIGSEGV"),
        fault("owner gets SIGQUIT from the keyboard", "long", "learn", "SIGQUIT"),
    ],
)
def test_an_owner_that_dies_takes_its_child_with_it_and_the_run_is_resumed(
    place, unbroken, kind, stage, number
):
    place.kind = kind
    training = place.train()
    training.until(stage)
    moment(stage, kind)
    training.send(getattr(signal, number))
    ended = training.end()  # asserts that no process is left
    assert ended.status == -getattr(signal, number)
    resumed = place.resume()
    assert resumed.status == 0, resumed.last
    assert_same(place.run, unbroken(kind))


@pytest.mark.parametrize(
    ("kind", "stage", "number"),
    [
        fault("Ctrl-C while images are decoded", "features", "decode", "SIGINT"),
        fault("Ctrl-C while the head learns", "long", "learn", "SIGINT"),
        fault("terminated while images are embedded", "features", "embed", "SIGTERM"),
        fault("terminated while the head learns", "long", "learn", "SIGTERM"),
        fault("terminated while TensorFlow is built", "scratch", "build", "SIGTERM"),
        fault("terminated while a plain network learns", "scratch", "learn", "SIGTERM"),
        fault("the terminal is closed while the head learns", "long", "learn", "SIGHUP"),
    ],
)
def test_asked_to_end_it_pauses_and_is_resumed_to_the_same_end(place, unbroken, kind, stage, number):
    place.kind = kind
    training = place.train()
    training.until(stage)
    training.send(getattr(signal, number))
    ended = training.end()
    resumable(ended)
    assert ended.last["paused"] is True
    resumed = place.resume()
    assert resumed.status == 0, resumed.last
    assert_same(place.run, unbroken(kind))


@pytest.mark.long
def test_asked_twice_to_end_it_ends_at_once(place, unbroken):
    place.kind = "long"
    training = place.train()
    training.until("epoch")
    training.child().suspend()  # it can't answer
    training.send(signal.SIGTERM)
    training.send(signal.SIGINT)
    ended = training.end()
    resumable(ended)
    assert place.resume().status == 0
    assert_same(place.run, unbroken("long"))


@pytest.mark.parametrize(
    "whom",
    [
        fault("child stopped for a second and continued", "child"),
        fault("owner stopped and continued", "owner"),
    ],
)
def test_stopped_and_continued_nothing_has_happened(place, unbroken, whom):
    place.kind = "long"
    training = place.train()
    training.until(lambda e: e.get("epoch") == 100)
    process = training.child() if whom == "child" else psutil.Process(training.process.pid)
    process.suspend()
    threading.Event().wait(1)
    process.resume()
    ended = training.end()
    assert ended.status == 0, ended.last
    assert ended.guards == []
    assert_same(place.run, unbroken("long"))


@pytest.mark.parametrize(
    "kind", [fault("power cut in the features mode", "long"), fault("power cut in scratch", "scratch")]
)
def test_all_processes_killed_at_one_blow_the_run_is_resumed(place, unbroken, kind):
    place.kind = kind
    training = place.train()
    training.until(lambda e: e.get("epoch") == 3)
    os.killpg(training.process.pid, KILL)
    assert training.end().status == -KILL
    assert place.resume().status == 0
    assert_same(place.run, unbroken(kind))


@pytest.mark.long
def test_an_interrupt_sent_to_the_child_alone_changes_nothing(place, unbroken):
    place.kind = "long"
    training = place.train()
    training.until("epoch")
    training.child().send_signal(signal.SIGINT)
    ended = training.end()
    assert (ended.status, ended.guards) == (0, [])
    assert_same(place.run, unbroken("long"))


@pytest.mark.long
def test_dying_again_and_again_it_gives_up_and_can_be_resumed(place, unbroken):
    place.kind = "long"
    training = place.train()
    for _ in range(4):
        training.until("embed")
        training.child().kill()
    ended = training.end()
    resumable(ended)
    assert "SIGKILL" in ended.last["message"]
    assert ended.guards == ["process-died"] * 4
    assert place.resume().status == 0
    assert_same(place.run, unbroken("long"))
