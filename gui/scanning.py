"""Reads the images of the session's study in a child process, and tells how far it is."""

import shutil
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from counterpoise.core.catalog.types import Catalog
from counterpoise.core.settings import Settings
from counterpoise.gui.jobs import JobThread, in_background
from counterpoise.gui.preferences import Recent
from counterpoise.gui.scan_job import ScanRequest

if TYPE_CHECKING:
    from counterpoise.gui.session import Session

RESCAN_AFTER_MS = 1500


class Scanning(QObject):
    """At most one scan counts; those before it are asked to end and are not listened to any more."""

    started = Signal()
    progressed = Signal(dict)
    """``done``, ``total``, ``classes`` (name: count), ``current``."""
    ended = Signal(str)
    """Empty where it went well, else a sentence; empty too where it was cancelled."""

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session = session
        self._scan: JobThread | None = None
        self._threads: set[JobThread] = set()
        """Scans that haven't ended yet, cancelled ones too: a thread must outlive its work."""
        self.fresh = False
        """Whether the study was made just now; it goes away again where its folder gives no image."""
        self._soon = QTimer(self, singleShot=True, interval=RESCAN_AFTER_MS)
        self._soon.timeout.connect(self.start)

    @property
    def running(self) -> bool:
        return self._scan is not None

    def start(self) -> None:
        """Read the images; only what changed is read again."""
        study = self._session.study
        if study is None:
            return
        self._end()
        from counterpoise.core.jobs.job import Job

        request = ScanRequest(study.root, self._session.settings.data)
        job = Job("counterpoise.gui.scan_job:scan_study", request, name="scan")
        self._scan = thread = JobThread(job, self)
        thread.progressed.connect(self._progressed)
        thread.finished_with.connect(self._finished)
        thread.failed.connect(self._failed)
        thread.finished.connect(self._thread_over)
        self._threads.add(thread)
        thread.start()
        self.started.emit()

    def soon(self) -> None:
        """Read again after a pause in the edits."""
        self._soon.start()

    def cancel(self) -> None:
        """End the scan that runs, if any; what was read stays known for the next one."""
        if self.running:
            self._end()
            self._drop_fresh()
            self.ended.emit("")

    def close(self) -> None:
        """The window closes: end the children and wait for them."""
        self._soon.stop()
        self._scan = None
        for thread in self._threads:
            thread.close()
        self._threads.clear()

    def _end(self) -> None:
        self._soon.stop()
        if self._scan is not None:
            self._scan.cancel()
            self._scan = None

    def _thread_over(self) -> None:
        thread = self.sender()
        if isinstance(thread, JobThread):
            self._threads.discard(thread)
            thread.deleteLater()

    def _progressed(self, event: dict[str, Any]) -> None:
        if self.sender() is self._scan and event["event"] == "progress":
            self.progressed.emit(event)

    def _finished(self, catalog: Catalog) -> None:
        session = self._session
        if self.sender() is not self._scan or session.study is None:
            return
        self._scan, self.fresh = None, False
        session.show_catalog(catalog)
        session.preferences.remember(
            Recent(str(session.study.root), session.study_name, len(catalog.images), len(catalog.labels))
        )
        self.ended.emit("")

    def _failed(self, event: dict[str, Any]) -> None:
        if self.sender() is not self._scan:
            return
        self._scan = None
        self._drop_fresh()
        self.ended.emit(str(event["message"]))

    def _drop_fresh(self) -> None:
        """Forget a study that never had an image."""
        study = self._session.study
        if self.fresh and study is not None:
            self.fresh = False
            self._session.take(None, Settings())
            in_background(lambda: shutil.rmtree(study.root, ignore_errors=True))
