"""The second look of the session's study: the review in hand, the job that makes it, labels found right."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QThreadPool, Signal

from counterpoise.core.catalog.types import Catalog, ImageRecord
from counterpoise.core.review.confirmed import Confirmed, confirmed_path, read_confirmed, write_confirmed
from counterpoise.core.review.digest import digest_of
from counterpoise.core.review.request import TARGET, ReviewRequest
from counterpoise.core.review.saved import read_review, saved_path
from counterpoise.gui.jobs import in_background
from counterpoise.gui.newest_job import NewestJob
from counterpoise.gui.texts import review as texts

if TYPE_CHECKING:
    from pathlib import Path

    from counterpoise.core.review.result import Review
    from counterpoise.gui.session import Session


class SecondLook(QObject):
    """Owns what is known of doubts; the panel shows it. Nothing is read before ``wake``."""

    changed = Signal()
    """Another review, another state of it, or another label found right."""
    progressed = Signal(str, int, int, object)
    """Stage, done, total, seconds left (or None)."""

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session = session
        self.review: Review | None = None
        self.stale = False
        self.note = ""
        """Why there is no (new) review: a fault as a sentence, or that it was cancelled."""
        self.confirmed: Confirmed = frozenset()
        self._awake = False
        self._read_of: Path | None = None
        self._digest_number = 0
        self._job = NewestJob(self)
        self._job.progressed.connect(self._progressed)
        self._job.finished_with.connect(self._finished)
        self._job.failed.connect(self._failed)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)  # labels found right are written in the order they were found
        session.study_changed.connect(self._study_changed)
        session.catalog_changed.connect(self._catalog_changed)
        session.settings_changed.connect(self._catalog_changed)

    @property
    def running(self) -> bool:
        return self._job.running

    @property
    def possible(self) -> bool:
        """Whether there is something to look at."""
        catalog = self._session.catalog
        return catalog is not None and not catalog.unread and self._session.study is not None

    def wake(self) -> None:
        """Someone looks: read what the study keeps."""
        self._awake = True
        self._catalog_changed()

    # ---- what is kept

    def _study_changed(self) -> None:
        self._job.stop()
        self.review, self.stale, self.note, self.confirmed = None, False, "", frozenset()
        self._read_of = None
        self._digest_number += 1  # what is still being asked is of the study before
        self.changed.emit()

    def _catalog_changed(self) -> None:
        catalog, study = self._session.catalog, self._session.study
        if not self._awake or catalog is None or study is None or not self.possible:
            return
        if self._read_of == study.root:
            self._judge(catalog)
            return
        self._read_of = root = study.root
        sources = catalog.sources

        def work() -> "tuple[Path, Review | None, Confirmed]":
            return root, read_review(saved_path(sources)), read_confirmed(confirmed_path(sources))

        in_background(work, self._was_read, self._session.problem.emit, self._pool)

    def _was_read(self, found: "tuple[Path, Review | None, Confirmed]") -> None:
        root, review, confirmed = found
        if root != self._read_of:
            return
        self.confirmed = confirmed
        if self.review is None:
            self.review = review
        if self._session.catalog is not None:
            self._judge(self._session.catalog)
        self.changed.emit()

    def _judge(self, catalog: Catalog) -> None:
        """Ask whether the review still speaks of the images in hand."""
        review, settings = self.review, self._session.settings
        if review is None:
            return
        self._digest_number += 1
        number = self._digest_number

        def work() -> tuple[int, bool]:
            return number, digest_of(catalog, settings, review.with_test) != review.digest

        in_background(work, self._judged, None, self._pool)

    def _judged(self, found: tuple[int, bool]) -> None:
        number, stale = found
        if number == self._digest_number and stale != self.stale:
            self.stale = stale
            self.changed.emit()

    # ---- labels found right

    def is_right(self, content: str, label: str) -> bool:
        """Whether a person has found this label right."""
        return (content, label) in self.confirmed

    def set_right(self, image: ImageRecord, right: bool = True) -> None:
        """Note that the label of an image is right, or take that back; it holds for copies too."""
        catalog = self._session.catalog
        if catalog is None:
            return
        key = (image.content, image.label)
        self.confirmed = self.confirmed | {key} if right else self.confirmed - {key}
        file = confirmed_path(catalog.sources)
        in_background(lambda: write_confirmed(file, [key], right=right), None, self._not_kept, self._pool)
        self.changed.emit()

    def _not_kept(self, sentence: str) -> None:
        """Say so, and show again what is so."""
        self._session.problem.emit(sentence)
        self._read_of = None
        self._catalog_changed()

    # ---- the job

    def start(self, with_test: bool = False) -> None:
        """Look (again), in a child process."""
        from counterpoise.core.jobs.job import Job

        catalog = self._session.catalog
        if not self.possible or catalog is None or self.running:
            return
        request = ReviewRequest(catalog.sources, self._session.settings, None, with_test)
        self._job.start(Job(TARGET, request, name="second look"))
        self.note = ""
        self.changed.emit()

    def cancel(self) -> None:
        """End it; the panel is free at once, the process goes by itself."""
        if self.running:
            self._job.stop()
            self.note = texts.CANCELLED
            self.changed.emit()

    def _progressed(self, event: dict[str, Any]) -> None:
        if event["event"] == "stage":
            self.progressed.emit(event["stage"], 0, 0, None)
        elif event["event"] == "progress":
            self.progressed.emit(event["stage"], event["done"], event["total"], event["seconds_left"])

    def _finished(self, review: "Review") -> None:
        self.review, self.stale = review, False
        if self._session.catalog is not None:
            self._judge(self._session.catalog)
        self.changed.emit()

    def _failed(self, message: str) -> None:
        self.note = message
        self.changed.emit()

    def close(self) -> None:
        """The window closes: end the child, wait until all is written."""
        self._job.close()
        self._pool.waitForDone()
