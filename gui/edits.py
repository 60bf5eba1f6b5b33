"""Edits of labels and of what is left out: written to the study, seen at once, judged by the next scan."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThreadPool, Signal

from counterpoise.core.catalog.types import Catalog, ImageRecord
from counterpoise.gui.jobs import in_background

if TYPE_CHECKING:
    from counterpoise.core.study.edits import Kind
    from counterpoise.gui.session import Session


@dataclass(frozen=True)
class Step:
    """Edits made in one go, undone in one go."""

    before: tuple[ImageRecord, ...]
    words: str


class Edits(QObject):
    """Relabels and leaves out images of the session's study; each can be undone."""

    changed = Signal()

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session = session
        self._steps: list[Step] = []
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)  # edits are written in the order they were made
        session.study_changed.connect(self._forget)

    @property
    def can_undo(self) -> bool:
        return bool(self._steps)

    @property
    def last(self) -> str:
        """What an undo would take back, in words."""
        return self._steps[-1].words if self._steps else ""

    def relabel(self, images: Sequence[ImageRecord], label: str) -> None:
        """Give images another label."""
        words = f"{_these(images)} moved to {label}"
        self._apply("relabel", images, label, words, lambda image: replace(image, label=label))

    def leave_out(self, images: Sequence[ImageRecord]) -> None:
        """Leave images out of training and of every figure."""
        self._apply(
            "exclude", images, "", f"{_these(images)} left out", lambda image: replace(image, part="")
        )

    def restore(self, images: Sequence[ImageRecord]) -> None:
        """Take images in again that were left out."""
        # Their part is for the next scan to say; until then they are shown as training images.
        self._apply(
            "restore", images, "", f"{_these(images)} taken in", lambda image: replace(image, part="train")
        )

    def _apply(
        self,
        kind: "Kind",
        images: Sequence[ImageRecord],
        value: str,
        words: str,
        change: Callable[[ImageRecord], ImageRecord],
    ) -> None:
        from counterpoise.core.study.edits import Edit, append_edit

        study = self._session.study
        if study is None or not images:
            return

        def write() -> None:
            for image in images:
                append_edit(study.edits, Edit(kind, image.path, image.frame, value))

        self._write(write)
        self._steps.append(Step(tuple(images), words))
        self._show({_key(image): change(image) for image in images})

    def undo(self) -> None:
        """Take back what was done in the last go."""
        from counterpoise.core.study.edits import undo_last

        study = self._session.study
        if study is None or not self._steps:
            return
        step = self._steps.pop()

        def write() -> None:
            for _ in step.before:
                undo_last(study.edits)

        self._write(write)
        self._show({_key(image): image for image in step.before})

    def _write(self, work: Callable[[], None]) -> None:
        in_background(work, self._written, self._session.problem.emit, self._pool)

    def _written(self, _: None) -> None:
        self._session.scan_soon()

    def close(self) -> None:
        """Wait until all is written."""
        self._pool.waitForDone()

    def _show(self, changed: dict[tuple[str, int], ImageRecord]) -> None:
        catalog = self._session.catalog
        if catalog is not None:
            self._session.show_catalog(_with(catalog, changed))
        self.changed.emit()

    def _forget(self) -> None:
        self._steps.clear()
        self.changed.emit()


def _with(catalog: Catalog, changed: dict[tuple[str, int], ImageRecord]) -> Catalog:
    images = tuple(changed.get(_key(image), image) for image in catalog.images)
    return replace(catalog, images=images)


def _key(image: ImageRecord) -> tuple[str, int]:
    return image.path, image.frame


def _these(images: Sequence[ImageRecord]) -> str:
    return "1 image" if len(images) == 1 else f"{len(images):,} images"
