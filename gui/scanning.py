"""Reads the images of the session's study in a child process, and tells how far it is."""

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from counterpoise.core.catalog.types import Catalog
from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.settings import Settings
from counterpoise.gui.jobs import JobThread, in_background
from counterpoise.gui.preferences import Recent
from counterpoise.gui.scan_job import ScanRequest, last_time

if TYPE_CHECKING:
    from counterpoise.core.catalog.remembered import Recalled
    from counterpoise.gui.session import Session

RESCAN_AFTER_MS = 1500
GRACE_MS = 1000
"""For a scan to keep what it has read when the window closes."""


class Scanning(QObject):
    """At most one scan counts; those before it are asked to end and are not listened to any more."""

    started = Signal()
    progressed = Signal(dict)
    """The fields of ScanProgress."""
    ended = Signal(str)
    """Empty where it went well, else a sentence; empty too where it was cancelled."""

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session = session
        self._scan: JobThread | None = None
        self._asked: ScanRequest | None = None
        """The scan that begins as soon as it is known what the last one left."""
        self._stopped: JobThread | None = None
        """The one that was cancelled last: it still tells what it had read."""
        self._read = 0
        """Files the scan has read so far."""
        self._threads: set[JobThread] = set()
        """Scans that haven't ended yet, cancelled ones too: a thread must outlive its work."""
        self.fresh = False
        """Whether the study was made just now; it goes away again where its folder gives no image."""
        self.unsure = False
        """Whether the catalog is that of an earlier scan, and the folders may have changed since."""
        self._soon = QTimer(self, singleShot=True, interval=RESCAN_AFTER_MS)
        self._soon.timeout.connect(self.start)

    @property
    def running(self) -> bool:
        return self._scan is not None or self._asked is not None

    def start(self) -> None:
        """Read the images; only what changed is read again. What the last scan left is shown meanwhile."""
        session = self._session
        if session.study is None:
            return
        self._end()
        self._stopped, self._read = None, 0
        request = ScanRequest(session.study.root, session.settings.data)
        if session.catalog is not None:
            self._begin(request)
        else:
            self._asked, self.unsure = request, False
            in_background(lambda: (request, _recalled(request)), self._recalled)
        self.started.emit()

    def _recalled(self, found: "tuple[ScanRequest, Recalled | None]") -> None:
        request, recalled = found
        if request is not self._asked:
            return
        if recalled is not None:
            self.unsure = True
            self._remember(recalled.catalog)
            self._session.show_catalog(recalled.catalog)
            request = replace(request, known=recalled.state)
        self._begin(request)

    def _begin(self, request: ScanRequest) -> None:
        from counterpoise.core.jobs.job import Job

        self._asked = None
        job = Job("counterpoise.gui.scan_job:scan_study", request, name="scan")
        self._scan = thread = JobThread(job, self)
        thread.progressed.connect(self._progressed)
        thread.finished_with.connect(self._finished)
        thread.failed.connect(self._failed)
        thread.finished.connect(self._thread_over)
        self._threads.add(thread)
        thread.start()

    def soon(self) -> None:
        """Read again after a pause in the edits."""
        self._soon.start()

    def cancel(self) -> None:
        """End the scan that runs, if any; what was read is shown, and the next one goes on from there."""
        if self.running:
            self._stopped = self._scan
            self._end()
            if not self._read:
                self._drop_fresh()
            self.ended.emit("")

    def close(self) -> None:
        """The window closes: end the children and wait for them."""
        self._soon.stop()
        self._scan = self._stopped = self._asked = None
        for thread in self._threads:
            thread.close(GRACE_MS / 1000)
        self._threads.clear()

    def _end(self) -> None:
        self._soon.stop()
        self._asked = None
        if self._scan is not None:
            self._scan.cancel()
            self._scan = None

    def _thread_over(self) -> None:
        thread = self.sender()
        if isinstance(thread, JobThread):
            self._threads.discard(thread)
            if thread is self._stopped:
                self._stopped = None
            thread.deleteLater()

    def _progressed(self, event: dict[str, Any]) -> None:
        sender = self.sender()
        if event["event"] == "early" and sender in (self._scan, self._stopped):
            self._take_early(event["catalog"])
        elif event["event"] == "progress" and sender is self._scan:
            self._read = int(event["done"]) if event["total"] else 0
            self.progressed.emit(event)

    def _take_early(self, catalog: Catalog) -> None:
        """Show what was read so far, where nothing better is known."""
        session = self._session
        if session.study is None or catalog.sources.study != session.study.root:
            return
        if session.catalog is None or session.catalog.unread:
            self._remember(catalog)
            session.show_catalog(catalog)

    def _finished(self, catalog: Catalog | None) -> None:
        """Show what was found; None: all is as it is shown."""
        session = self._session
        if self.sender() is not self._scan or session.study is None:
            return
        self._scan, self.unsure = None, False
        if catalog is not None:
            self._remember(catalog)
            # It knows nothing of an edit made meanwhile; the scan that follows the edit does.
            if not self._soon.isActive() or session.catalog is None or session.catalog.unread:
                session.show_catalog(catalog)
        self.ended.emit("")

    def _remember(self, catalog: Catalog) -> None:
        """Keep the study: it has images."""
        session = self._session
        self.fresh = False
        if session.study is not None:
            session.preferences.remember(
                Recent(str(session.study.root), session.study_name, len(catalog.images), len(catalog.labels))
            )

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


def _recalled(request: ScanRequest) -> "Recalled | None":
    try:
        return last_time(request)
    except CounterpoiseError:  # the scan says it
        return None
