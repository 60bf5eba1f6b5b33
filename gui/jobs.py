"""Long work beside the window: a job's or a run's events as Qt signals, and short work in a thread pool."""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QObject, QRunnable, Qt, QThread, QThreadPool, Signal
from shiboken6 import isValid

from counterpoise.core.errors import CounterpoiseError
from counterpoise.gui.texts import common as texts

if TYPE_CHECKING:
    from counterpoise.core.jobs.job import Job
    from counterpoise.core.study.run_folder import RunFolder


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
        try:
            self._job.start()
        except (OSError, RuntimeError) as error:  # no memory, no file handles, no thread to be had
            self._job.close()
            message = texts.not_started(self._job.name, str(error))
            self.failed.emit({"event": "failed", "message": message, "cause": None})
            return
        for event in self._job.events():
            if event["event"] == "finished":
                self.finished_with.emit(event.get("result"))
            elif event["event"] == "failed":
                self.failed.emit(event)
            else:
                self.progressed.emit(event)

    def cancel(self) -> None:
        """Ask the child to end; it is killed where it doesn't."""
        self._cancelled = True
        self._job.cancel()

    def close(self) -> None:
        """End the child soon and wait for it."""
        self._cancelled = True
        if self.isRunning():
            self._job.cancel(grace=0.3)
            self.wait()


class RunFollower(QThread):
    """Reads a run's ``events.jsonl`` as it grows, from the beginning, until the run ends."""

    events = Signal(list)
    """New events, in order; many at once where the file already holds them."""
    ended = Signal()
    """Nobody owns the run any more, and everything it wrote has been sent."""

    def __init__(self, run: "RunFolder", parent: QObject | None = None, interval_ms: int = 200) -> None:
        super().__init__(parent)
        self._run = run
        self._interval = interval_ms

    def run(self) -> None:
        """Poll the file (in this thread)."""
        from counterpoise.core.jobs.follow import EventFollower
        from counterpoise.core.jobs.ownership import is_owned

        follower = EventFollower(self._run.events)
        while not self.isInterruptionRequested():
            owned = is_owned(self._run.owner)  # asked before reading, so that last words aren't missed
            if new := follower.poll():
                self.events.emit(new)
            if not owned:
                self.ended.emit()
                return
            self.msleep(self._interval)

    def close(self) -> None:
        """Stop following; the run goes on."""
        self.requestInterruption()
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
            self._tell(None, f"Something went wrong inside Counterpoise ({type(error).__name__}).")
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
