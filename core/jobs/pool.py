"""Map a function over many items in worker processes; one that dies or hangs takes only its item with it.

(``ProcessPoolExecutor`` breaks whole when one worker dies, which a damaged image can bring about.)
"""

import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sized
from multiprocessing.connection import Connection, wait
from typing import Generic, cast

from counterpoise.core.jobs.process import cause_of
from counterpoise.core.jobs.worker import Item, Limits, Result, Task, Worker, WorkerDied, attempt

__all__ = ["Limits", "WorkerDied", "robust_map"]

FEW_ITEMS = 32
LARGEST_CHUNK = 256
_TICK = 0.2
CHUNK_SECONDS = 0.1
"""Work handed to a worker at a time, so that cheap items don't pay for the message."""


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
            (index, attempt(function, item)) for index, item in enumerate(items)
        )
    else:
        wanted = workers or os.cpu_count() or 1
        size = wanted if count is None else max(1, min(wanted, count))
        pool = _Pool(function, items, size, timeout, limits, tick)
        results = pool.run()
    if on_death is not None:
        results = _tell(results, on_death)
    return _in_order(results) if ordered else results


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
        self._fresh = (Task(index, item) for index, item in enumerate(items))
        self._remaining = len(items) if isinstance(items, Sized) else None
        self._again: deque[Task[Item]] = deque()
        """To be tried once more, alone, so that its fate is its own."""
        self._size = size
        self._timeout = timeout
        self._seconds_per_item: float | None = None
        self._workers: list[Worker] = []
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

    def _new(self) -> Worker:
        return Worker(self._function, self._limits.memory if self._limits else None)

    def _feed(self, worker: Worker) -> None:
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

    def _hear(self, worker: Worker) -> Iterator[tuple[int, Result | WorkerDied]]:
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

    def _bury(self, worker: Worker, ended: WorkerDied | None) -> Iterator[tuple[int, Result | WorkerDied]]:
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
            yield task.index, ended or worker.cause()
        self._again.extend(task for chunk in pending for task in chunk)
        successor = self._new()
        self._workers.append(successor)
        self._feed(successor)

    def _end_hanging(self) -> Iterator[tuple[int, Result | WorkerDied]]:
        now = time.monotonic()
        for worker in list(self._workers):
            if worker.pending and worker.heard is not None:
                beyond = worker.beyond(now - worker.heard, self._timeout, self._limits)
                if beyond is not None:
                    yield from self._bury(worker, beyond)
            elif not worker.pending and self._again:
                self._feed(worker)
