"""What a run's events tell so far, folded into one value; pure, so that window and tests read the same."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

LEARNING = ("learn", "")
"""Stages in which rounds are done; a run that names none is in its rounds once it has one."""
Phase = Literal["waiting", "preparing", "learning", "finished", "paused", "failed"]


@dataclass(frozen=True)
class Mark:
    """A guard's event: where it happened and its sentence."""

    epoch: int
    code: str
    message: str
    time: float
    paths: tuple[str, ...] = ()
    severity: str = "warning"


@dataclass(frozen=True)
class RunStory:
    """The state of a run as its events tell it; in ``epochs`` a round done anew replaces the old one."""

    phase: Phase = "waiting"
    mode: str = ""
    device: str = ""
    stage: str = ""
    stages: tuple[str, ...] = ()
    """All stages so far, in order, since the last start."""
    done: int = 0
    total: int = 0
    epochs: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    planned_epochs: int | None = None
    marks: tuple[Mark, ...] = ()
    message: str = ""
    resumable: bool = False
    stopped: bool = False
    cross_validated: Mapping[str, Any] | None = None
    """``{"auc": {"value", "low", "high"}, ...}`` of a run that says so when it finishes."""
    memory: tuple[float, float] | None = None
    """Bytes used and total of the device (or of the process and the host)."""
    seconds_left: float | None = None
    images_per_second: float | None = None
    began: float | None = None
    heard: float | None = None
    """Time of the last event."""

    @property
    def running(self) -> bool:
        return self.phase in ("preparing", "learning")

    @property
    def learning(self) -> bool:
        """Whether rounds are being done, rather than what comes before or after them."""
        return self.phase == "learning" and self.stage in LEARNING

    @property
    def last_epoch(self) -> int:
        return max(self.epochs, default=0)

    @property
    def best(self) -> tuple[int, float | None] | None:
        """Number and AUC of the round whose state is kept: that of the least validation loss."""
        judged = [(n, e) for n, e in sorted(self.epochs.items()) if e.get("val_loss") is not None]
        if not judged:
            return None
        number, epoch = min(judged, key=lambda pair: pair[1]["val_loss"])
        return number, epoch.get("val_auc")

    @property
    def share(self) -> float | None:
        """How much is done, 0 to 1: of the rounds once it learns, else of the stage; None if unknown."""
        of_stage = self.done / self.total if self.running and self.total else None
        if self.learning and self.planned_epochs:
            return min(max(self.last_epoch / self.planned_epochs, of_stage or 0.0), 1.0)
        return None if of_stage is None else min(of_stage, 1.0)

    def points(self, name: str) -> list[tuple[int, float]]:
        """Return ``(epoch, value)`` of every round that has a value, in order."""
        return [(n, e[name]) for n, e in sorted(self.epochs.items()) if e.get(name) is not None]


def tell(story: RunStory, events: Iterable[Mapping[str, Any]]) -> RunStory:
    """Return the story after ``events``; kinds this version doesn't know are passed over."""
    for event in events:
        listener = _LISTENERS.get(str(event.get("event")))
        heard = replace(story, heard=event.get("time", story.heard))
        story = listener(_measured(heard, event), event) if listener else heard
    return story


def _measured(story: RunStory, event: Mapping[str, Any]) -> RunStory:
    """Take over the figures any event may carry."""
    used, total = event.get("memory_used"), event.get("memory_total")
    return replace(
        story,
        memory=(used, total) if used is not None and total else story.memory,
        seconds_left=event.get("seconds_left", story.seconds_left),
        images_per_second=event.get("images_per_second") or story.images_per_second,
        planned_epochs=event.get("epochs", story.planned_epochs),
        device=event.get("device") or story.device,
        mode=event.get("mode") or story.mode,
    )


def _started(story: RunStory, event: Mapping[str, Any]) -> RunStory:
    began = story.began or event.get("time")
    return replace(
        story,
        phase="preparing",
        message="",
        resumable=False,
        stopped=False,
        began=began,
        stage="",
        stages=(),
        done=0,
        total=0,
    )


def _stage(story: RunStory, event: Mapping[str, Any]) -> RunStory:
    name = str(event.get("stage") or event.get("name") or "")
    phase: Phase = story.phase if story.epochs else "preparing"
    return replace(
        story,
        phase=phase,
        stage=name,
        stages=(*story.stages, name),
        done=0,
        total=int(event.get("total") or 0),
    )


def _progress(story: RunStory, event: Mapping[str, Any]) -> RunStory:
    return replace(
        story,
        phase="preparing" if story.phase == "waiting" else story.phase,
        stage=str(event.get("stage") or story.stage),
        done=int(event.get("done") or 0),
        total=int(event.get("total") or story.total),
    )


def _epoch(story: RunStory, event: Mapping[str, Any]) -> RunStory:
    epochs = {**story.epochs, int(event["epoch"]): dict(event)}
    return replace(story, phase="learning", epochs=epochs)


def _guard(story: RunStory, event: Mapping[str, Any]) -> RunStory:
    mark = Mark(
        int(event.get("epoch") or story.last_epoch),
        str(event.get("code", "")),
        str(event.get("message", "")),
        float(event.get("time") or 0.0),
        tuple(event.get("paths") or ()),
        str(event.get("severity") or "warning"),
    )
    return replace(story, marks=(*story.marks, mark))


def _finished(story: RunStory, event: Mapping[str, Any]) -> RunStory:
    return replace(
        story,
        phase="finished",
        message=str(event.get("message", "")),
        stopped=bool(event.get("stopped")),
        cross_validated=event.get("cross_validated"),
        seconds_left=0.0,
    )


def _failed(story: RunStory, event: Mapping[str, Any]) -> RunStory:
    phase: Phase = "paused" if event.get("paused") else "failed"
    return replace(
        story, phase=phase, message=str(event.get("message", "")), resumable=bool(event.get("resumable"))
    )


_LISTENERS = {
    "started": _started,
    "stage": _stage,
    "progress": _progress,
    "epoch": _epoch,
    "guard": _guard,
    "finished": _finished,
    "failed": _failed,
}
