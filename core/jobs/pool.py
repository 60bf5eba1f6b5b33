"""Map a function over many items in worker processes; one that dies or hangs takes only its item with it.

(``ProcessPoolExecutor`` breaks whole when one worker dies, which a damaged image can bring about.)
"""

import contextlib
import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sized
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Generic, TypeVar, cast

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

FEW_ITEMS = 32
LARGEST_CHUNK = 64
_TICK = 0.2
_LOOK_AFTER = 1.0
"""Seconds an item takes before anyone looks at what its worker spends."""
CHUNK_SECONDS = 0.1
"""Work handed to a worker at a time, so that cheap items don't pay for the message."""


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


def robust_map(
    function: Callable[[Item], Result],
    items: Iterable[Item],
    *,
    workers: int | None = None,
    timeout: float = 60.0,
    limits: Limits[Item] | None = None,
    on_death: Callable[[int, WorkerDied], None] | None = None,
    ordered: bool = False,
    inline: bool = False,
    tick: Callable[[], None] = lambda: None,
) -> Iterator[tuple[int, Result | WorkerDied]]:
    """Yield ``(index, function(item))`` for every item, in the order of completion or (``ordered``) of items.

    ``function`` must be picklable (module level, or a ``functools.partial`` of one) and safe to call
    again with the same item: items whose fate is unknown when a worker dies are tried once more.
    An item whose call kills its worker, takes longer than ``timeout`` seconds, goes beyond ``limits``
    or raises gives a ``WorkerDied``; ``on_death(index, died)`` hears of it too. ``items`` may be
    endless: it is read as workers get free. ``inline`` lets few items (known to be under 32) run in
    this process. ``tick`` is called several times a second while workers are at work, whether answers
    come or not, and may raise to end it all. Closing the iterator ends all workers.
    """
    count = len(items) if isinstance(items, Sized) else None
    if inline and count is not None and count < FEW_ITEMS:
        results: Iterator[tuple[int, Result | WorkerDied]] = (
            (index, _attempt(function, item)) for index, item in enumerate(items)
        )
    else:
        wanted = workers or os.cpu_count() or 1
        size = wanted if count is None else max(1, min(wanted, count))
        pool = _Pool(function, items, size, timeout, limits, tick)
        results = pool.run()
    if on_death is not None:
        results = _tell(results, on_death)
    return _in_order(results) if ordered else results


def _attempt(function: Callable[[Item], Result], item: Item) -> Result | WorkerDied:
    try:
        return function(item)
    except Exception as error:  # noqa: BLE001  # an edge: one item must not end the others
        return WorkerDied("error", f"{type(error).__name__}: {error}")


def _tell(
    results: Iterator[tuple[int, Result | WorkerDied]], on_death: Callable[[int, WorkerDied], None]
) -> Iterator[tuple[int, Result | WorkerDied]]:
    for index, result in results:
        if isinstance(result, WorkerDied):
            on_death(index, result)
        yield index, result


def _in_order(results: Iterator[tuple[int, Result]]) -> Iterator[tuple[int, Result]]:
    waiting: dict[int, Result] = {}
    following = 0
    for index, result in results:
        waiting[index] = result
        while following in waiting:
            yield following, waiting.pop(following)
            following += 1


@dataclass(frozen=True)
class _Task(Generic[Item]):
    index: int
    item: Item


class _Worker:
    """One process and what it has been given and not yet answered, oldest first."""

    def __init__(self, function: Callable[[Any], Any], memory: int | None) -> None:
        self.connection, theirs = SPAWN.Pipe()
        self.process: BaseProcess = SPAWN.Process(
            target=_work, args=(function, theirs, in_main_thread(), memory), name="worker", daemon=True
        )
        self.process.start()
        theirs.close()
        self.pending: deque[list[_Task[Any]]] = deque()
        self.heard: float | None = None
        """When it last answered; None until it is up (its start doesn't count against an item)."""
        self._looked: tuple[float | None, float] = (None, 0.0)
        """Of the item it is at: when it began, and the processor time spent until the first look."""

    def give(self, chunk: list[_Task[Any]]) -> None:
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


class _Pool(Generic[Item, Result]):
    def __init__(
        self,
        function: Callable[[Item], Result],
        items: Iterable[Item],
        size: int,
        timeout: float,
        limits: Limits[Item] | None,
        tick: Callable[[], None],
    ) -> None:
        self._function = function
        self._tick = tick
        self._limits = limits
        self._fresh = (_Task(index, item) for index, item in enumerate(items))
        self._remaining = len(items) if isinstance(items, Sized) else None
        self._again: deque[_Task[Item]] = deque()
        """To be tried once more, alone, so that its fate is its own."""
        self._size = size
        self._timeout = timeout
        self._seconds_per_item: float | None = None
        self._workers: list[_Worker] = []
        self._deaths_at_start = 0

    def run(self) -> Iterator[tuple[int, Result | WorkerDied]]:
        try:
            for _ in range(self._size):
                worker = self._new()
                self._workers.append(worker)
                self._feed(worker)
            while any(worker.pending for worker in self._workers) or self._again:
                by_connection = {worker.connection: worker for worker in self._workers}
                for ready in wait(list(by_connection), timeout=min(_TICK, self._timeout / 4)):
                    yield from self._hear(by_connection[cast(Connection, ready)])
                self._tick()
                yield from self._end_hanging()
        finally:
            for worker in self._workers:
                worker.end()

    def _new(self) -> _Worker:
        return _Worker(self._function, self._limits.memory if self._limits else None)

    def _feed(self, worker: _Worker) -> None:
        while len(worker.pending) < 2:
            if self._again:
                chunk = [self._again.popleft()]
            else:
                chunk = []
                size = self._chunk_size()
                for task in self._fresh:
                    chunk.append(task)
                    if len(chunk) >= size:
                        break
                if self._remaining is not None:
                    self._remaining -= len(chunk)
            if not chunk:
                return
            worker.give(chunk)

    def _chunk_size(self) -> int:
        if self._seconds_per_item is None:
            return 1
        size = int(CHUNK_SECONDS / max(self._seconds_per_item, 1e-6))
        if self._remaining is not None:
            size = min(size, self._remaining // (4 * self._size))
        return max(1, min(size, LARGEST_CHUNK))

    def _hear(self, worker: _Worker) -> Iterator[tuple[int, Result | WorkerDied]]:
        try:
            seconds, results = worker.connection.recv()
        except (EOFError, OSError):
            yield from self._bury(worker, None)
            return
        worker.heard = time.monotonic()
        self._deaths_at_start = 0
        if results:
            each = seconds / len(results)
            before = self._seconds_per_item
            self._seconds_per_item = each if before is None else 0.7 * before + 0.3 * each
        done = []
        for result in results:
            chunk = worker.pending[0]
            done.append((chunk.pop(0).index, result))
            if not chunk:
                worker.pending.popleft()
        self._feed(worker)
        yield from done

    def _bury(self, worker: _Worker, ended: WorkerDied | None) -> Iterator[tuple[int, Result | WorkerDied]]:
        """Replace a dead worker; blame its item where only one can have been the cause."""
        worker.end()
        self._workers.remove(worker)
        pending = list(worker.pending)
        if worker.heard is None and ended is None:
            self._deaths_at_start += 1
            if self._deaths_at_start > 3:
                raise RuntimeError(
                    f"worker processes can't start ({cause_of(worker.process.exitcode).words})"
                )
        elif pending and len(pending[0]) == 1:
            task = pending.pop(0)[0]
            yield task.index, ended or _died(worker.process.exitcode)
        self._again.extend(task for chunk in pending for task in chunk)
        successor = self._new()
        self._workers.append(successor)
        self._feed(successor)

    def _end_hanging(self) -> Iterator[tuple[int, Result | WorkerDied]]:
        now = time.monotonic()
        for worker in list(self._workers):
            if worker.pending and worker.heard is not None:
                beyond = self._beyond(worker, now - worker.heard)
                if beyond is not None:
                    yield from self._bury(worker, beyond)
            elif not worker.pending and self._again:
                self._feed(worker)

    def _beyond(self, worker: _Worker, seconds: float) -> WorkerDied | None:
        """Return which limit the item goes beyond that a worker has been at for ``seconds``, if any."""
        if seconds < min(_LOOK_AFTER, self._timeout):
            return None
        chunk = worker.pending[0]
        if self._limits is not None:
            computing, memory = worker.spent()
            if memory > 1.5 * self._limits.memory:  # where the system doesn't hold it to that
                return WorkerDied("work", f"it needs more than {self._limits.memory / 2**30:g} GB of memory")
            most = self._limits.computing
            if computing > most and computing > most + self._more(chunk):
                return WorkerDied("work", f"it took more than {most + self._more(chunk):.0f} s to decode")
        if seconds > self._timeout + 0.3 and seconds > self._timeout + 0.3 + self._more(chunk):
            return WorkerDied("timeout", f"took longer than {self._timeout + self._more(chunk):g} s")
        return None

    def _more(self, chunk: list[_Task[Item]]) -> float:
        return max(self._limits.more_for(task.item) for task in chunk) if self._limits else 0.0


def _died(exit_code: int | None) -> WorkerDied:
    return WorkerDied("died", f"the process reading it died: {cause_of(exit_code).words}")


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
                results.append(_attempt(function, item))
            connection.send((time.monotonic() - began, results))
