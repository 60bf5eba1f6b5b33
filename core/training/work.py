"""What the training process is handed, and what it tells: one value in, events out."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from counterpoise.core.catalog.types import ImageRecord, Sources
from counterpoise.core.findings import Finding
from counterpoise.core.jobs.events import Event
from counterpoise.core.jobs.job import JobContext
from counterpoise.core.study.run_folder import RunFolder
from counterpoise.core.training.device import device_memory


@dataclass(frozen=True)
class Work:
    """The payload of the training process; the settings lie in the run itself."""

    root: Path
    sources: Sources
    cache: Path
    train: tuple[ImageRecord, ...]
    """In the order of their content, so that neither names nor places of files change a run."""
    val: tuple[ImageRecord, ...]
    public_names: Mapping[str, str] = field(default_factory=dict)
    """What stands for a path that identifies someone."""
    weights_file: Path | None = None
    careful: int = 0
    """How often memory ran out before: embedding works in smaller batches, decoding with fewer processes."""
    split: int = 1
    """Pieces that a batch of a whole network is computed in, their gradients added up."""

    @property
    def run(self) -> RunFolder:
        return RunFolder(self.root)

    @property
    def images(self) -> tuple[ImageRecord, ...]:
        """Training images, then those of validation."""
        return (*self.train, *self.val)

    def public_path(self, path: str) -> str:
        """Return ``path`` as files of the run name it."""
        return self.public_names.get(path, path)


def safer(work: Work, last: Event) -> Work:  # noqa: ARG001  # the supervisor tells every cause
    """Return what goes on after a death for want of memory."""
    return replace(work, careful=work.careful + 1, split=2 * work.split)


class Interrupted(Exception):  # noqa: N818  # not an error: someone asked for it
    """Pause was asked for; the state is saved."""


@dataclass
class Teller:
    """Events of a training: stages, progress at most every half second, time left; and what was asked for."""

    context: JobContext
    device: str
    stop: bool = False
    pause: bool = False
    waits: bool = True
    """Whether the work may wait for what is missing (a dry run doesn't)."""
    _born: float = field(default_factory=time.monotonic, repr=False)
    _said: float = field(default=0.0, repr=False)
    _began: float = field(default=0.0, repr=False)
    _first: int = field(default=0, repr=False)
    _stage: str = field(default="", repr=False)
    _total: int = field(default=0, repr=False)
    _held: float = field(default=0.0, repr=False)

    def send(self, kind: str, **fields: Any) -> None:
        self.context.send(kind, **fields)

    def guard(self, finding: Finding, epoch: int, step: int | None = None) -> None:
        """Say what a guard has seen in pass ``epoch`` (0 before the first), at a ``step`` of it."""
        self.send("guard", epoch=epoch, step=step, **finding.to_json())

    @property
    def minutes(self) -> float:
        """Since the process began to work, without those it was held up."""
        return (time.monotonic() - self._born - self._held) / 60

    def listen(self) -> None:
        """Note ``stop`` and ``pause``."""
        for command in self.context.commands():
            self.stop = self.stop or command == "stop"
            self.pause = self.pause or command == "pause"

    def wants_pause(self) -> bool:
        self.listen()
        return self.pause

    def stage(self, name: str, total: int = 0, **fields: Any) -> None:
        """Say that a part of the work begins; raises Interrupted where a pause was asked for."""
        if self.wants_pause():
            raise Interrupted
        self._stage, self._total, self._began, self._said = name, total, time.monotonic(), 0.0
        self.send("stage", stage=name, total=total, device=self.device, **fields)

    def hold(self, code: str) -> None:
        """Say that the work waits, for the reason of the guard ``code``; again and again while it does."""
        self.send("stage", stage="waiting", code=code, total=0, device=self.device)

    def go_on(self, held: float) -> None:
        """Say that the stage goes on that was held up, for ``held`` seconds."""
        self._held += held
        self._began += held
        self.send("stage", stage=self._stage, total=self._total, device=self.device)

    def progress(self, done: int, total: int) -> None:
        """Say how far the stage is, with images per second and its seconds left."""
        now = time.monotonic()
        if not self._said:
            self._first = done  # what a cache held already is not counted as speed
        if now - self._said < 0.5 and done < total:
            return
        self._said = now
        rate = (done - self._first) / max(now - self._began, 1e-6)
        self.send(
            "progress",
            stage=self._stage,
            done=done,
            total=total,
            images_per_second=round(rate, 1),
            seconds_left=round((total - done) / rate, 1) if rate else None,
            **device_memory(self.device),
        )


def truth_of(images: tuple[ImageRecord, ...], labels: tuple[str, ...]) -> NDArray[np.intp]:
    """Return each image's class as its index in ``labels``."""
    index = {label: number for number, label in enumerate(labels)}
    return np.array([index[image.label] for image in images], np.intp)
