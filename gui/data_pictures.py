"""The pictures of the session's data: what is known at once, and the job that looks at the files."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from counterpoise.core.catalog.types import Catalog
from counterpoise.gui.jobs import in_background
from counterpoise.gui.newest_job import NewestJob
from counterpoise.gui.texts import distributions as texts

if TYPE_CHECKING:
    from counterpoise.core.catalog.distributions.facts import DataFacts
    from counterpoise.core.catalog.distributions.pictures import Pictures
    from counterpoise.gui.session import Session

    Known = tuple[Catalog, DataFacts, Pictures | None]


class DataPictures(QObject):
    """Owns facts and pictures; the panel shows them. Nothing is done before ``refresh``."""

    changed = Signal()
    """Other facts or pictures, or another state of them."""
    progressed = Signal(int, int)
    """Images looked at, of how many."""
    report_written = Signal(str)
    """The file."""

    def __init__(self, session: "Session", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.facts: DataFacts | None = None
        self.pictures: Pictures | None = None
        self.note = ""
        """Why there are no (new) pictures: a fault as a sentence, or that it was cancelled."""
        self.gone = False
        """Whether not one file could be read when they were to be made."""
        self.saving = False
        self._catalog: Catalog | None = None
        self._job = NewestJob(self)
        self._job.progressed.connect(self._progressed)
        self._job.finished_with.connect(self._finished)
        self._job.failed.connect(self._failed)
        session.study_changed.connect(self._forget)

    @property
    def running(self) -> bool:
        return self._job.running

    @property
    def fresh(self) -> bool:
        """Whether the pictures show the images as they are now."""
        facts, made = self.facts, self.pictures
        return facts is not None and made is not None and made.digest == facts.request.digest

    @property
    def last(self) -> "Pictures | None":
        """The pictures to be seen: fresh ones, or those from before where new ones can't be made."""
        facts, made = self.facts, self.pictures
        if facts is None or made is None or made.labels != facts.labels:
            return None
        return made if self.fresh or self.gone else None

    def _forget(self) -> None:
        self._job.stop()
        self.facts = self.pictures = self._catalog = None
        self.note, self.gone = "", False
        self.changed.emit()

    def refresh(self) -> None:
        """Someone looks: gather what the session's catalog tells, and make what isn't there."""
        catalog = self._session.catalog
        if catalog is None or catalog.unread or catalog is self._catalog:
            return
        self._catalog = catalog

        def work() -> "Known":
            from counterpoise.core.catalog.distributions.facts import facts_of

            facts = facts_of(catalog)
            return catalog, facts, facts.request.known()

        in_background(work, self._gathered, self._failed)

    def _gathered(self, found: "Known") -> None:
        catalog, facts, known = found
        if catalog is not self._catalog:
            return
        self.facts = facts
        if known is not None:
            self._job.stop()
            self.pictures, self.note, self.gone = known, "", False
        if self.fresh or not facts.request.images:
            self.changed.emit()
        else:
            self.make()

    # ---- the job

    def make(self) -> None:
        """Look at the sample in a child process."""
        from counterpoise.core.catalog.distributions.make import TARGET
        from counterpoise.core.jobs.job import Job

        if self.facts is not None:
            self._job.start(Job(TARGET, self.facts.request, name="pictures of the data"))
            self.note, self.gone = "", False
            self.changed.emit()

    def cancel(self) -> None:
        """End it; the panel is free at once, the process goes by itself."""
        if self.running:
            self._job.stop()
            self.note = texts.CANCELLED
            self.changed.emit()

    def _progressed(self, event: dict[str, Any]) -> None:
        if event["event"] == "progress":
            self.progressed.emit(event["done"], event["total"])

    def _finished(self, made: "Pictures") -> None:
        if any(made.images):
            self.pictures = made
        else:  # pictures of nothing tell less than those there were
            self.gone = True
            self.note = texts.none_read(made.unread, old=self.last is not None)
        self.changed.emit()

    def _failed(self, sentence: str) -> None:
        self.note = sentence
        self.changed.emit()

    # ---- the report

    def save_report(self, out: Path) -> None:
        """Write the data report to ``out``, whose ending may be left out.

        ``report_written`` follows, or the session's ``problem``.
        """
        catalog, made = self._catalog, self.pictures
        if catalog is None or made is None or self.saving:
            return
        self.saving = True
        self.changed.emit()

        def work() -> str:
            from counterpoise.core.report.data_page import write_data_report
            from counterpoise.core.report.page import as_page

            page = as_page(out)
            write_data_report(catalog, made, page)
            return str(page)

        in_background(work, self._written, self._not_written)

    def _written(self, out: str) -> None:
        self.saving = False
        self.changed.emit()
        self.report_written.emit(out)

    def _not_written(self, sentence: str) -> None:
        self.saving = False
        self.changed.emit()
        self._session.problem.emit(sentence)

    def close(self) -> None:
        """The window closes: end the child."""
        self._job.close()
