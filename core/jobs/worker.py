"""One worker process: what it is given, what an item may take of it, and how its end is told."""

import contextlib
import os
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, Generic, TypeVar

import psutil

from counterpoise.core.jobs.process import (
    SPAWN,
    cause_of,
    die_with_parent,
    in_main_thread,
    leave_signals_to_parent,
    limit_memory,
    send_output_to,
)

Item = TypeVar("Item")
Result = TypeVar("Result")
_LOOK_AFTER = 1.0
"""Seconds an item takes before anyone looks at what its worker spends."""


@dataclass(frozen=True)
class WorkerDied:
    """Stands for the result of an item that couldn't be worked on."""

    kind: str
    """``died``, ``timeout`` (waiting included), ``work`` (computing or memory beyond the limits) or
    ``error`` (the function raised)."""
    reason: str
    """In a few words."""


@dataclass(frozen=True)
class Limits(Generic[Item]):
    """What one item may take of its worker."""

    computing: float
    """Seconds of processor time: they tell a decoder that hangs from a drive that is slow."""
    memory: int
    """Bytes beyond what the worker takes when it starts."""
    more: Callable[[Item], float] | None = None
    """Further seconds, of waiting and of computing, for an item that is known to be large."""

    def more_for(self, item: Item) -> float:
        return self.more(item) if self.more else 0.0


@dataclass(frozen=True)
class Task(Generic[Item]):
    index: int
    item: Item


class Worker:
    """One process and what it has been given and not yet answered, oldest first."""

    def __init__(self, function: Callable[[Any], Any], memory: int | None) -> None:
        self.connection, theirs = SPAWN.Pipe()
        self.process: BaseProcess = SPAWN.Process(
            target=_work, args=(function, theirs, in_main_thread(), memory), name="worker", daemon=True
        )
        self.process.start()
        theirs.close()
        self.pending: deque[list[Task[Any]]] = deque()
        self.heard: float | None = None
        """When it last answered; None until it is up (its start doesn't count against an item)."""
        self._looked: tuple[float | None, float] = (None, 0.0)
        """Of the item it is at: when it began, and the processor time spent until the first look."""

    def give(self, chunk: list[Task[Any]]) -> None:
        if not self.pending and self.heard is not None:
            self.heard = time.monotonic()
        self.pending.append(chunk)
        with contextlib.suppress(OSError):  # it has died: seen when its connection is read
            self.connection.send([task.item for task in chunk])

    def spent(self) -> tuple[float, int]:
        """Return the seconds of computing since the first look at this item, and the memory it takes."""
        try:
            process = psutil.Process(self.process.pid)
            times, memory = process.cpu_times(), process.memory_info().rss
        except psutil.Error:  # it has died: seen when its connection is read
            return 0.0, 0
        seconds = times.user + times.system
        if self._looked[0] != self.heard:
            self._looked = (self.heard, seconds)
        return seconds - self._looked[1], memory

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.connection.close()

    def beyond(self, seconds: float, timeout: float, limits: Limits[Any] | None) -> WorkerDied | None:
        """Return what is exceeded by the item that the worker has been at for ``seconds``, if anything."""
        if seconds < min(_LOOK_AFTER, timeout):
            return None
        more = 0.0
        if limits is not None:
            computing, memory = self.spent()
            if memory > 1.5 * limits.memory:  # where the system doesn't hold it to that
                return WorkerDied("work", f"it needs more than {limits.memory / 2**30:g} GB of memory")
            if computing > limits.computing or seconds > timeout:
                more = max(limits.more_for(task.item) for task in self.pending[0])
            if computing > limits.computing + more:
                return WorkerDied("work", f"it took more than {limits.computing + more:.0f} s to decode")
        if seconds > timeout + 0.3 + more:
            return WorkerDied("timeout", f"took longer than {timeout + more:g} s")
        return None

    def cause(self) -> WorkerDied:
        """Return how the process ended, which ``end`` has been called for."""
        return WorkerDied("died", f"the process reading it died: {cause_of(self.process.exitcode).words}")


def attempt(function: Callable[[Item], Result], item: Item) -> Result | WorkerDied:
    """Return what a function gives or, where it raises, why not."""
    try:
        return function(item)
    except Exception as error:  # noqa: BLE001  # an edge: one item must not end the others
        return WorkerDied("error", f"{type(error).__name__}: {error}")


def _work(
    function: Callable[[Any], Any], connection: Connection, by_main_thread: bool, memory: int | None
) -> None:
    leave_signals_to_parent()
    die_with_parent(by_kernel=by_main_thread)
    if memory is not None:
        limit_memory(memory)
    silence = os.open(os.devnull, os.O_WRONLY)
    send_output_to(silence)  # decoders write their complaints to standard error
    with contextlib.suppress(EOFError, OSError):
        connection.send((0.0, []))  # up
        while True:
            chunk = connection.recv()
            results: list[Any] = []
            began = sent = time.monotonic()
            for item in chunk:
                # Answers leave at least every 0.2 s, so that a hanging item is told from a long chunk.
                if results and time.monotonic() - sent > 0.2:
                    connection.send((time.monotonic() - began, results))
                    results, began = [], time.monotonic()
                    sent = began
                results.append(attempt(function, item))
            connection.send((time.monotonic() - began, results))
