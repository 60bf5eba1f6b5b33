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

from counterpoise.core.jobs.process import (
    SPAWN,
    cause_of,
    die_with_parent,
    in_main_thread,
    leave_signals_to_parent,
    send_output_to,
)

Item = TypeVar("Item")
Result = TypeVar("Result")

FEW_ITEMS = 32
LARGEST_CHUNK = 64
CHUNK_SECONDS = 0.1
"""Work handed to a worker at a time, so that cheap items don't pay for the message."""


@dataclass(frozen=True)
class WorkerDied:
    """Stands for the result of an item that couldn't be worked on."""

    kind: str
    """``died``, ``timeout`` or ``error`` (the function raised)."""
    reason: str
    """In a few words."""


def robust_map(
    function: Callable[[Item], Result],
    items: Iterable[Item],
    *,
    workers: int | None = None,
    timeout: float = 60.0,
    on_death: Callable[[int, WorkerDied], None] | None = None,
    ordered: bool = False,
    inline: bool = False,
) -> Iterator[tuple[int, Result | WorkerDied]]:
    """Yield ``(index, function(item))`` for every item, in the order of completion or (``ordered``) of items.

    ``function`` must be picklable (module level, or a ``functools.partial`` of one) and safe to call
    again with the same item: items whose fate is unknown when a worker dies are tried once more.
    An item whose call kills its worker, takes longer than ``timeout`` seconds or raises gives a
    ``WorkerDied``; ``on_death(index, died)`` hears of it too. ``items`` may be endless: it is read
    as workers get free. ``inline`` lets few items (known to be under 32) run in this process.
    Closing the iterator ends all workers.
    """
    count = len(items) if isinstance(items, Sized) else None
    if inline and count is not None and count < FEW_ITEMS:
        results: Iterator[tuple[int, Result | WorkerDied]] = (
            (index, _attempt(function, item)) for index, item in enumerate(items)
        )
    else:
        wanted = workers or os.cpu_count() or 1
        pool = _Pool(function, items, wanted if count is None else max(1, min(wanted, count)), timeout)
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

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self.connection, theirs = SPAWN.Pipe()
        self.process: BaseProcess = SPAWN.Process(
            target=_work, args=(function, theirs, in_main_thread()), name="worker", daemon=True
        )
        self.process.start()
        theirs.close()
        self.pending: deque[list[_Task[Any]]] = deque()
        self.heard: float | None = None
        """When it last answered; None until it is up (its start doesn't count against an item)."""

    def give(self, chunk: list[_Task[Any]]) -> None:
        if not self.pending and self.heard is not None:
            self.heard = time.monotonic()
        self.pending.append(chunk)
        with contextlib.suppress(OSError):  # it has died: seen when its connection is read
            self.connection.send([task.item for task in chunk])

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.connection.close()


class _Pool(Generic[Item, Result]):
    def __init__(
        self, function: Callable[[Item], Result], items: Iterable[Item], size: int, timeout: float
    ) -> None:
        self._function = function
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
                worker = _Worker(self._function)
                self._workers.append(worker)
                self._feed(worker)
            while any(worker.pending for worker in self._workers) or self._again:
                by_connection = {worker.connection: worker for worker in self._workers}
                for ready in wait(list(by_connection), timeout=min(1.0, self._timeout / 4)):
                    yield from self._hear(by_connection[cast(Connection, ready)])
                yield from self._end_hanging()
        finally:
            for worker in self._workers:
                worker.end()

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

    def _bury(self, worker: _Worker, hung: str | None) -> Iterator[tuple[int, Result | WorkerDied]]:
        """Replace a dead worker; blame its item where only one can have been the cause."""
        worker.end()
        self._workers.remove(worker)
        pending = list(worker.pending)
        if worker.heard is None and hung is None:
            self._deaths_at_start += 1
            if self._deaths_at_start > 3:
                raise RuntimeError(
                    f"worker processes can't start ({cause_of(worker.process.exitcode).words})"
                )
        elif pending and len(pending[0]) == 1:
            task = pending.pop(0)[0]
            cause = WorkerDied("timeout", hung) if hung else _died(worker.process.exitcode)
            yield task.index, cause
        self._again.extend(task for chunk in pending for task in chunk)
        successor = _Worker(self._function)
        self._workers.append(successor)
        self._feed(successor)

    def _end_hanging(self) -> Iterator[tuple[int, Result | WorkerDied]]:
        now = time.monotonic()
        for worker in list(self._workers):
            if worker.pending and worker.heard is not None and now - worker.heard > self._timeout + 0.3:
                yield from self._bury(worker, f"took longer than {self._timeout:g} s")
            elif not worker.pending and self._again:
                self._feed(worker)


def _died(exit_code: int | None) -> WorkerDied:
    return WorkerDied("died", f"the process reading it died: {cause_of(exit_code).words}")


def _work(function: Callable[[Any], Any], connection: Connection, by_main_thread: bool) -> None:
    leave_signals_to_parent()
    die_with_parent(by_kernel=by_main_thread)
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
