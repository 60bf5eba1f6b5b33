"""Long work beside the window: a job's events as Qt signals, and short work in a thread pool."""

import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QObject, QRunnable, Qt, QThread, QThreadPool, Signal
from shiboken6 import isValid

from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.jobs.events import LAST
from counterpoise.gui.texts import common as texts

if TYPE_CHECKING:
    from counterpoise.core.jobs.events import Event
    from counterpoise.core.jobs.job import Job

TELL_EVERY = 0.05
"""Seconds between two progress events that are passed on; the newest of those in between is."""


class JobThread(QThread):
    """Starts a job (a spawned child) and follows its events until it ends.

    Exactly one of ``finished_with`` and ``failed`` comes last. The thread ends by itself; ``cancel`` is
    polite, and ``close`` waits for the end.
    """

    progressed = Signal(dict)
    """Every event but the last."""
    finished_with = Signal(object)
    """The job's result."""
    failed = Signal(dict)
    """The job's ``failed`` event: ``message``, ``cause``."""

    def __init__(self, job: "Job", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._job = job
        self._cancelled = False

    @property
    def cancelled(self) -> bool:
        """Whether someone asked for the end, so that a failure needs no words."""
        return self._cancelled

    def run(self) -> None:
        """Follow the child (in this thread)."""
        last: Event | None = None
        try:
            last = self._follow() if self._start() else None
        except (OSError, RuntimeError) as error:  # no memory, no file handles, no thread to be had
            message = texts.not_started(self._job.name, str(error))
            last = {"event": "failed", "message": message, "cause": None}
        finally:  # whatever else is raised here goes to the hook, and whoever waits hears of the end
            self._job.close()
            if last is None:
                last = {"event": "failed", "message": texts.lost(self._job.name), "cause": None}
            if last["event"] == "finished":
                self.finished_with.emit(last.get("result"))
            else:
                self.failed.emit(last)

    def _start(self) -> bool:
        """Start the child; False where nobody wants it any more."""
        if not self._cancelled:
            self._job.start()
        return not self._cancelled

    def _follow(self) -> "Event | None":
        """Pass on events until the child has ended; returns the last one. A flood of progress is thinned."""
        waiting: Event | None = None
        told, gone = 0.0, False
        while True:
            heard = False
            for event in self._job.events(timeout=TELL_EVERY):
                heard = True
                progress, now = event["event"] == "progress", time.monotonic()
                if waiting is not None and not progress:
                    self.progressed.emit(waiting)
                if event["event"] in LAST:
                    return event
                if progress and now - told < TELL_EVERY:
                    waiting = event
                else:
                    self.progressed.emit(event)
                    waiting, told = None, now
            if waiting is not None:
                self.progressed.emit(waiting)
                waiting = None
            if gone and not heard:  # someone else has closed the job
                return None
            gone = not self._job.alive

    def cancel(self) -> None:
        """Ask the child to end; it is killed where it doesn't."""
        self._cancelled = True
        self._job.cancel()

    def close(self, grace: float = 0.3) -> None:
        """End the child, at the latest after ``grace`` seconds, and wait for it."""
        self._cancelled = True
        if self.isRunning():
            self._job.cancel(grace)
            self.wait()


class _Relay(QObject):
    """Lives in the window's thread and calls back there."""

    over = Signal(object, object)

    def __init__(
        self, done: Callable[[Any], None] | None, failed: Callable[[str], None] | None, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._done, self._failed = done, failed
        self.over.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def _deliver(self, result: Any, error: str | None) -> None:
        self.deleteLater()
        callback = self._done if error is None else self._failed
        owner = getattr(callback, "__self__", None)
        if callback is None or (isinstance(owner, QObject) and not isValid(owner)):
            return
        callback(result if error is None else error)


class _Task(QRunnable):
    def __init__(self, work: Callable[[], Any], relay: _Relay) -> None:
        super().__init__()
        self._work, self._relay = work, relay

    def run(self) -> None:
        try:
            result = self._work()
        except CounterpoiseError as error:
            self._tell(None, str(error))
        except Exception as error:  # noqa: BLE001  # the edge of a thread: the hook records it, the window says it
            sys.excepthook(type(error), error, error.__traceback__)
            self._tell(None, texts.fault(type(error).__name__))
        else:
            self._tell(result, None)

    def _tell(self, result: Any, error: str | None) -> None:
        if isValid(self._relay):  # else the program is ending
            self._relay.over.emit(result, error)


def in_background(
    work: Callable[[], Any],
    done: Callable[[Any], None] | None = None,
    failed: Callable[[str], None] | None = None,
    pool: QThreadPool | None = None,
) -> None:
    """Run ``work`` in a thread; ``done`` and ``failed`` (a sentence) are called in the window's thread.

    For work that is over soon or gives up Python's lock often; everything else is a job. Call it
    from the window's thread. Callbacks of QObjects that are gone by then are dropped.
    """
    relay = _Relay(done, failed, QCoreApplication.instance())  # type: ignore[arg-type]  # there is one
    (pool or QThreadPool.globalInstance()).start(_Task(work, relay))
