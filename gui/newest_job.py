"""A job that may be begun anew: only the newest one counts, and the window never waits for those before."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from counterpoise.gui.jobs import JobThread

if TYPE_CHECKING:
    from counterpoise.core.jobs.job import Job


class NewestJob(QObject):
    """Passes on what the newest job tells; once it was stopped, nothing more is heard of it."""

    progressed = Signal(dict)
    """Every event but the last."""
    finished_with = Signal(object)
    """The job's result."""
    failed = Signal(str)
    """Why there is none, as a sentence."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread: JobThread | None = None
        self._ending: set[JobThread] = set()
        """Those that count no more and haven't ended yet: a thread must outlive its work."""

    @property
    def running(self) -> bool:
        return self._thread is not None

    def start(self, job: "Job") -> None:
        """Begin, in place of the one that runs."""
        self.stop()
        self._thread = thread = JobThread(job, self)
        thread.progressed.connect(self._progressed)
        thread.finished_with.connect(self._finished)
        thread.failed.connect(self._failed)
        thread.finished.connect(self._over)
        thread.start()

    def stop(self) -> None:
        """Ask the job to end, without waiting for it."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._ending.add(thread)
            thread.cancel()

    def close(self) -> None:
        """The window closes: end all that runs, and wait for it."""
        self.stop()
        for thread in self._ending:
            thread.close()
        self._ending.clear()

    def _progressed(self, event: dict[str, Any]) -> None:
        if self.sender() is self._thread:
            self.progressed.emit(event)

    def _finished(self, result: object) -> None:
        if self._ended():
            self.finished_with.emit(result)

    def _failed(self, event: dict[str, Any]) -> None:
        if self._ended():
            self.failed.emit(str(event["message"]))

    def _ended(self) -> bool:
        """Whether it is the newest job that has ended; it runs no more."""
        thread = self.sender()
        if thread is not self._thread or not isinstance(thread, JobThread):
            return False
        self._thread = None
        self._ending.add(thread)
        return True

    def _over(self) -> None:
        thread = self.sender()
        if isinstance(thread, JobThread):
            self._ending.discard(thread)
            thread.deleteLater()
