"""Edits of single images: written to the study, seen at once, judged by the next scan."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING
from uuid import uuid4

from PySide6.QtCore import QObject, QThreadPool, Signal

from counterpoise.core.catalog.types import ImageRecord, Key, Part
from counterpoise.core.study.edits import Batch, Edit, History, append_edits, read_history
from counterpoise.gui.edit_effects import Effect, applied, backward, edited, forward
from counterpoise.gui.jobs import in_background
from counterpoise.gui.texts import edits as texts

if TYPE_CHECKING:
    from pathlib import Path

    from counterpoise.core.study.edits import Kind
    from counterpoise.gui.session import Session


class Edits(QObject):
    """Relabels, leaves out and moves images of the session's study.

    What is done in one go is undone in one go, also after the window was closed and opened again.
    """

    changed = Signal()
    was_read = Signal()
    """What was edited earlier is known now, or is known anew."""

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session = session
        self._history = History()
        self._file: Path | None = None
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)  # edits are written in the order they were made
        session.study_changed.connect(self._read)

    @property
    def can_undo(self) -> bool:
        return bool(self._history.done)

    @property
    def can_redo(self) -> bool:
        return bool(self._history.undone)

    @property
    def last(self) -> str:
        """What an undo would take back, in words."""
        return texts.done(self._history.done[-1]) if self.can_undo else ""

    @property
    def next(self) -> str:
        """What a redo would put back, in words."""
        return texts.done(self._history.undone[-1]) if self.can_redo else ""

    @property
    def edited(self) -> Mapping[Key, Edit]:
        """The images that differ from what their folders say, each with the last edit that makes it so."""
        return self._edited

    @cached_property
    def _edited(self) -> Mapping[Key, Edit]:
        return edited(self._history.in_force)

    def relabel(self, images: Sequence[ImageRecord], label: str) -> None:
        """Give images another label."""
        self._do("relabel", [image for image in images if image.label != label], label)

    def leave_out(self, images: Sequence[ImageRecord]) -> None:
        """Leave images out of training and of every figure."""
        self._do("exclude", images)

    def restore(self, images: Sequence[ImageRecord]) -> None:
        """Take images in again that were left out; spare copies stay out, and it is said why."""
        wanted = [image for image in images if not self.is_spare(image)]
        self._do("restore", wanted)
        if len(wanted) < len(images):
            self._session.problem.emit(texts.COPY_COUNTS_ONCE)

    def is_spare(self, image: ImageRecord) -> bool:
        """Whether nobody left the image out: it is a copy, and another one of the same pixels is used."""
        catalog = self._session.catalog
        if image.part or catalog is None or catalog.unread:
            return False
        return (image.path, image.frame) not in catalog.excluded

    def move(self, images: Sequence[ImageRecord], part: Part) -> None:
        """Put images in another part."""
        self._do("move", [image for image in images if image.part != part], part)

    def _do(self, kind: "Kind", images: Sequence[ImageRecord], value: str = "") -> None:
        if self._file is None or not images:
            return
        mark = uuid4().hex[:12]
        batch = tuple(
            Edit(kind, i.path, i.frame, value, i.label if kind == "relabel" else i.part, mark) for i in images
        )
        self._write(batch)
        self._take(self._history.added(batch))
        self._show(batch, forward)

    def undo(self) -> None:
        """Take back what was done in the last go."""
        if self.can_undo:
            batch = self._history.done[-1]
            self._write([Edit("undo")])
            self._take(self._history.stepped("undo"))
            self._show(tuple(reversed(batch)), backward)

    def redo(self) -> None:
        """Put back what was undone last."""
        if self.can_redo:
            batch = self._history.undone[-1]
            self._write([Edit("redo")])
            self._take(self._history.stepped("redo"))
            self._show(batch, forward)

    def _take(self, history: History) -> None:
        self._history = history
        self.__dict__.pop("_edited", None)

    def _show(self, batch: Batch, effect: Callable[[Edit], Effect]) -> None:
        catalog = self._session.catalog
        if catalog is not None:
            effects = {(edit.path, edit.frame): effect(edit) for edit in batch}
            self._session.show_catalog(applied(catalog, effects))
        self.changed.emit()

    # ---- the file

    def _write(self, edits: Sequence[Edit]) -> None:
        file = self._file
        assert file is not None
        in_background(lambda: append_edits(file, edits), self._written, self._lost, self._pool)

    def _written(self, _: None) -> None:
        if self._file is not None:
            self._session.scan_soon()

    def _lost(self, sentence: str) -> None:
        """An edit couldn't be kept: say so, and show again what is so."""
        self._session.problem.emit(sentence)
        self._read()
        self._session.scan_soon()

    def _read(self) -> None:
        """Learn what can be undone in the study in hand."""
        study = self._session.study
        self._file = study.edits if study is not None else None
        self._take(History())
        self.changed.emit()
        file = self._file
        if file is not None:
            in_background(lambda: (file, read_history(file)), self._was_read, None, self._pool)

    def _was_read(self, found: "tuple[Path, History]") -> None:
        file, before = found
        if file != self._file:
            return
        own = self._history  # of the moments since the study was opened
        self._take(
            History((*before.done, *own.done), own.undone if own.done or own.undone else before.undone)
        )
        self.changed.emit()
        self.was_read.emit()

    def close(self) -> None:
        """Wait until all is written; what was, starts nothing more."""
        self._file = None
        self._pool.waitForDone()
