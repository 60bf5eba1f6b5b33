"""One worker process kept for work now and then, for which the own process mustn't be risked."""

import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.jobs.worker import Limits, Task, Worker, WorkerDied

Result = TypeVar("Result")
_TICK = 0.2
_UNWANTED = "it isn't wanted any more"


class HelperDiedError(CounterpoiseError):
    """The helper didn't survive a call, or was closed; the next call has a new one."""


class _GoneError(Exception):
    """The process is gone."""


class Helper:
    """``call`` runs a function in a process of its own, which is started when first needed and when it died.

    May be called from several threads: one call runs at a time.
    """

    def __init__(self, limits: Limits[Any], timeout: float = 60.0) -> None:
        self._limits = limits
        self._timeout = timeout
        self._turn = threading.Lock()
        self._worker: Worker | None = None
        self._generation = 0
        """Raised by ``close``: calls that began before are over."""

    def call(self, function: Callable[..., Result], *arguments: Any) -> Result:
        """Return ``function(*arguments)``; both must be picklable, the first argument is what limits are for.

        Raises what of ours the function raises, and HelperDiedError where the process died, or took
        longer or more memory than allowed.
        """
        generation = self._generation
        with self._turn:
            try:
                kept = self._worker is not None
                try:
                    found = self._ask(function, arguments, generation)
                except _GoneError:
                    if not kept:
                        raise
                    # It may have died before it was asked, which the system tells late.
                    found = self._ask(function, arguments, generation)
            except _GoneError as error:
                raise HelperDiedError(str(error)) from error
        if isinstance(found, CounterpoiseError):
            raise found
        result: Result = found
        return result

    def _ask(self, function: Callable[..., Any], arguments: tuple[Any, ...], generation: int) -> Any:
        """Raises _GoneError where the process is gone, and HelperDiedError where it must go."""
        if generation != self._generation:
            raise HelperDiedError(_UNWANTED)
        if self._worker is None:
            self._worker = Worker(_call, self._limits.memory)
        worker = self._worker
        worker.give([Task(0, (function, arguments))])
        try:
            return self._answer(worker, generation)
        except BaseException:
            self._worker = None
            worker.end()
            raise

    def _answer(self, worker: Worker, generation: int) -> Any:
        limits = self._limits if self._limits.more is None else self._for_first_argument()
        while generation == self._generation:
            try:
                if worker.connection.poll(_TICK):
                    _, results = worker.connection.recv()
                    worker.heard = time.monotonic()
                    if not results:  # it is up
                        continue
                    worker.pending.popleft()
                    if isinstance(results[0], WorkerDied):
                        raise HelperDiedError(results[0].reason)
                    return results[0]
            except (EOFError, OSError):
                worker.end()
                raise _GoneError(worker.cause().reason) from None
            if worker.heard is not None:
                beyond = worker.beyond(time.monotonic() - worker.heard, self._timeout, limits)
                if beyond is not None:
                    raise HelperDiedError(beyond.reason)
        raise HelperDiedError(_UNWANTED)

    def _for_first_argument(self) -> Limits[Any]:
        more = self._limits.more_for
        return Limits(self._limits.computing, self._limits.memory, lambda item: more(item[1][0]))

    def close(self) -> None:
        """End the process and what it is at, within a moment. A later call starts another."""
        self._generation += 1
        with self._turn:
            worker, self._worker = self._worker, None
        if worker is not None:
            worker.end()


def _call(item: tuple[Callable[..., Any], tuple[Any, ...]]) -> Any:
    """Return what a function gives, or the error of ours that it raises."""
    function, arguments = item
    try:
        return function(*arguments)
    except CounterpoiseError as error:
        return error
