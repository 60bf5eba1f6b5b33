"""Works out beside the window who is on the images, what names could tell, and what a pattern does."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThreadPool, Signal

from counterpoise.core.catalog.labels_trial import LabelsTrial, try_labels
from counterpoise.core.catalog.name_patterns import propose
from counterpoise.core.catalog.name_preview import Preview, try_pattern
from counterpoise.core.catalog.patients import Patients, patients_of
from counterpoise.core.catalog.types import Catalog
from counterpoise.gui.jobs import in_background
from counterpoise.gui.texts import patients as texts

if TYPE_CHECKING:
    from counterpoise.core.jobs.helper import Helper
    from counterpoise.gui.session import Session

    Found = tuple[Catalog, str, Patients, tuple[Preview, ...]]

_SECONDS, _WAIT = 3.0, 10.0
"""Of computing, and of waiting, for a pattern of somebody's own."""
_MEMORY = 2**30


class PatientWork(QObject):
    """Owns what is known of the patients; the panel shows it. Nothing is done before ``refresh``."""

    changed = Signal()
    """``patients`` and ``proposals`` are those of the session's catalog now; or ``note`` says why not."""
    tried = Signal(str, object)
    """A pattern, and its Preview or a sentence that says why there is none."""
    labels_tried = Signal(object)
    """A LabelsTrial, or a sentence."""

    def __init__(self, session: "Session", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.patients = Patients()
        self.proposals: tuple[Preview, ...] = ()
        self.found_by = ""
        """The ``data.group_by`` that ``patients`` were found with."""
        self._wanted: tuple[Catalog | None, str] = (None, "")
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._trials = QThreadPool(self)
        self._trials.setMaxThreadCount(1)
        self._helper: Helper | None = None
        self._asked = ""
        """The pattern that is wanted last; those before it needn't be tried any more."""
        self._file_asked = False
        """Whether a labels file is tried for this study."""
        self.looking = False
        self.note = ""
        """Why there are none, as a sentence."""
        self.ready = False
        """Whether ``patients`` and ``proposals`` speak of this study."""
        self.trying = ""
        """The pattern that is tried at this moment."""
        session.study_changed.connect(self._forget)

    def _forget(self) -> None:
        self.patients, self.proposals = Patients(), ()
        self._wanted, self._asked, self._file_asked = (None, ""), "", False
        self.looking = self.ready = False
        self.note = ""

    def refresh(self) -> None:
        """Look at the session's catalog, unless that was done already."""
        catalog, group_by = self._session.catalog, self._session.settings.data.group_by
        if catalog is None or catalog.unread or (catalog is self._wanted[0] and group_by == self._wanted[1]):
            return
        self._wanted = (catalog, group_by)
        self.looking, self.note = True, ""

        def work() -> "Found":
            files = {image.path: image.label for image in catalog.present}
            return catalog, group_by, patients_of(catalog, group_by), propose(files)

        in_background(work, self._found, self._failed, self._pool)

    def _found(self, found: "Found") -> None:
        catalog, group_by, patients, proposals = found
        if catalog is not self._wanted[0] or group_by != self._wanted[1]:
            return
        self.looking, self.ready = False, True
        self.patients, self.proposals, self.found_by = patients, proposals, group_by
        self.changed.emit()

    def _failed(self, sentence: str) -> None:
        self.looking, self.note = False, sentence
        self.changed.emit()

    def try_pattern(self, group_by: str) -> None:
        """Work out what a pattern does, in a process that may be ended: some would take for ever."""
        catalog = self._session.catalog
        self._asked = group_by
        if catalog is None:
            return
        if self._helper is None:
            from counterpoise.core.jobs.helper import Helper
            from counterpoise.core.jobs.worker import Limits

            self._helper = Helper(Limits(_SECONDS, _MEMORY), _WAIT)
        helper = self._helper

        def work() -> tuple[str, Preview | str]:
            from counterpoise.core.jobs.helper import HelperDiedError

            if group_by != self._asked:
                return group_by, ""
            files = {image.path: image.label for image in catalog.present}
            self.trying = group_by
            try:
                return group_by, helper.call(try_pattern, group_by, files)
            except HelperDiedError:
                return group_by, texts.TOO_SLOW
            finally:
                self.trying = ""

        in_background(work, self._has_tried, self._trial_failed, self._trials)

    def _has_tried(self, answer: tuple[str, Preview | str]) -> None:
        if answer[0] == self._asked:
            self.tried.emit(*answer)

    def _trial_failed(self, sentence: str) -> None:
        self.tried.emit(self._asked, sentence)

    def try_labels(self, file: Path) -> None:
        """Work out what a labels file would change."""
        catalog = self._session.catalog
        root = catalog.sources.root if catalog is not None else None
        if catalog is None or root is None:
            return

        self._file_asked = True

        def work() -> LabelsTrial:
            return try_labels(file, root, catalog.images)

        in_background(work, self._labels_tried, self._labels_tried, self._pool)

    def _labels_tried(self, answer: LabelsTrial | str) -> None:
        if self._file_asked:
            self.labels_tried.emit(answer)

    def close(self) -> None:
        """End what runs."""
        self._asked = ""
        if self._helper is not None:
            self._helper.close()
        self._pool.waitForDone()
        self._trials.waitForDone()
        if self._helper is not None:
            self._helper.close()  # it may have been asked at the last moment
