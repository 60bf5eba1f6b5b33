"""Trainings as users start them, disturbed from outside: what the fault suite is made of."""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import psutil
import pytest

from counterpoise.core.figures.predictions import read_predictions
from counterpoise.core.jobs.follow import events_so_far
from counterpoise.core.study.run_folder import RunFolder

COMMAND = (sys.executable, "-m", "counterpoise.core.cli.main")
PATIENCE = 120.0
"""Seconds that anything may take on a busy machine before the test gives up."""
CLOSE = 1e-5
"""Largest difference of a probability between a broken and an unbroken run."""
COMMON = {"data.group_by": "name:^([^_]+)_", "model.image_size": 32, "training.device": "cpu"}
NETWORK = {"model.name": "small_cnn", "training.batch_size": 8, "training.augment": "microscopy"}
KINDS: dict[str, dict[str, Any]] = {
    "features": {"training.epochs": 30, "training.patience": 30},
    "long": {"training.epochs": 3000, "training.patience": 3000},
    "paused": {"training.epochs": 1000, "training.patience": 1000},
    "scratch": {"model.mode": "scratch", **NETWORK, "training.epochs": 12, "training.patience": 12},
    "finetune": {"model.mode": "finetune", "training.epochs": 2, "training.batch_size": 16},
}
"""Settings by the kind of run: ``long`` learns for seconds, so that states are saved on the way."""

Event = dict[str, Any]
When = str | Callable[[Event], bool]


def fault(what: str, *values: object, quick: bool = False) -> Any:
    """Return a row of a table of faults; its name says in one line what is done and to whom."""
    return pytest.param(*values, id=what, marks=() if quick else pytest.mark.long)


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    status: int
    events: list[Event]
    errors: str
    """What stood on stderr."""

    def of(self, kind: str) -> list[Event]:
        return [event for event in self.events if event["event"] == kind]

    @property
    def guards(self) -> list[str]:
        return [event["code"] for event in self.of("guard")]

    @property
    def last(self) -> Event:
        return self.events[-1]


class Training:
    """``counterpoise train --json``, a process with a session of its own."""

    def __init__(
        self, arguments: Sequence[str], environment: Mapping[str, str], through: Sequence[str]
    ) -> None:
        self.process = subprocess.Popen(
            [*through, *COMMAND, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **environment},
            start_new_session=True,
        )
        self.events: list[Event] = []
        self._errors: list[str] = []
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._threads = [threading.Thread(target=t, daemon=True) for t in (self._read, self._read_errors)]
        for thread in self._threads:
            thread.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)
        self._lines.put(None)

    def _read_errors(self) -> None:
        assert self.process.stderr is not None
        self._errors.extend(self.process.stderr)

    def until(self, when: When) -> Event:
        """Wait for an event: the name of a stage or of a kind, or a test of it."""
        while (what := self._next()) is not None:
            if when(what) if callable(when) else when in (what["event"], what.get("stage")):
                return what
        raise AssertionError(f"ended before {when}: {self.events[-1:]} {''.join(self._errors)}")

    def _next(self) -> Event | None:
        line = self._lines.get(timeout=PATIENCE)
        if line is None:
            return None
        self.events.append(json.loads(line))
        return self.events[-1]

    def child(self) -> psutil.Process:
        """Return the process that trains."""
        found = self.children()
        assert len(found) == 1, found
        return found[0]

    def children(self) -> list[psutil.Process]:
        return [p for p in psutil.Process(self.process.pid).children() if is_ours(p)]

    def send(self, number: int) -> None:
        self.process.send_signal(number)

    def end(self) -> Ended:
        """Wait for the end; nothing may be left of its session."""
        while self._next() is not None:
            pass
        status = self.process.wait(PATIENCE)
        self._close()
        _, alive = psutil.wait_procs(session_of(self.process.pid), timeout=10)
        assert not alive, alive
        return Ended(status, self.events, "".join(self._errors))

    def kill(self) -> None:
        """End all that is left of it."""
        for process in session_of(self.process.pid):
            process.kill()
        self.process.wait(PATIENCE)
        self._close()

    def _close(self) -> None:
        for thread in self._threads:
            thread.join(PATIENCE)
        for stream in (self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()


def is_ours(process: psutil.Process) -> bool:
    """Whether it was spawned by us, and isn't multiprocessing's own helper."""
    return "spawn_main" in " ".join(process.cmdline())


def session_of(pid: int) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        try:
            if os.getsid(process.pid) == pid:
                found.append(process)
        except OSError:
            continue
    return found


@dataclass
class Place:
    """Where a test's run, images, home and cache lie, and how to train there."""

    root: Path
    data: Path
    kind: str = "features"
    extra: dict[str, Any] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    through: tuple[str, ...] = ()
    """What the command is started by, such as ``ulimit``."""
    run: RunFolder = field(init=False)
    started: list[Training] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.run = RunFolder(self.root / "run")

    @property
    def home(self) -> Path:
        return self.root / "home"

    @property
    def cache(self) -> Path:
        return self.home / "cache"

    def train(self, *, resume: bool = False, run: Path | None = None) -> Training:
        """Start it anew, or go on."""
        settings = {**COMMON, **KINDS[self.kind], **self.extra}
        chosen = [] if resume else [f"--set={key}={value}" for key, value in settings.items()]
        arguments = ["train", str(self.data), "--run", str(run or self.run.root), "--json", *chosen]
        environment = {"COUNTERPOISE_HOME": str(self.home), **self.environment}
        training = Training([*arguments, *(["--resume"] if resume else [])], environment, self.through)
        self.started.append(training)
        return training

    def __enter__(self) -> "Place":
        return self

    def __exit__(self, *_: object) -> None:
        for training in self.started:
            training.kill()

    def resume(self) -> Ended:
        return self.train(resume=True).end()

    def call(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        """Run another command to its end."""
        return subprocess.run(
            [*self.through, *COMMAND, *map(str, arguments)],
            capture_output=True,
            text=True,
            env={**os.environ, "COUNTERPOISE_HOME": str(self.home), **self.environment},
            timeout=PATIENCE,
            check=False,
        )


@dataclass(frozen=True)
class Unbroken:
    """What an undisturbed run came to."""

    probabilities: np.ndarray
    weights: dict[str, np.ndarray]
    epochs: list[int]


def outcome(run: RunFolder) -> Unbroken:
    model = onnx.load(run.model_onnx)
    return Unbroken(
        np.array([line.probabilities for line in read_predictions(run.predictions)[1]]),
        {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in model.graph.initializer},
        [event["epoch"] for event in events_so_far(run.events) if event["event"] == "epoch"],
    )


def assert_same(run: RunFolder, whole: Unbroken, *, epochs: bool = True) -> None:
    """Assert that a run has ended as the unbroken one did, every round told once."""
    found = outcome(run)
    assert found.probabilities.shape == whole.probabilities.shape
    assert np.abs(found.probabilities - whole.probabilities).max() < CLOSE
    for name, values in whole.weights.items():
        assert np.abs(found.weights[name] - values).max(initial=0) <= 1e-4 * np.abs(values).max(initial=1), (
            name
        )
    if epochs:
        assert found.epochs == whole.epochs
    assert not run.checkpoints.exists()


def one_sentence(message: str) -> None:
    """Assert that a user can read it: no traceback, not a report of the unforeseen."""
    assert "Traceback" not in message, message
    assert "unforeseen" not in message, message
    assert "shouldn't have" not in message, message


def resumable(ended: Ended) -> None:
    """Assert that a run ended as one that can be resumed."""
    assert (ended.status, ended.last["event"], ended.last["resumable"]) == (1, "failed", True), ended.last
    one_sentence(ended.last["message"])


KILL = signal.SIGKILL
