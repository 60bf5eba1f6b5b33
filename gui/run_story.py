"""What a run's events tell so far, folded into one value; pure, so that window and tests read the same."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from operator import itemgetter
from typing import Any, Literal

LEARNING = ("learn", "")
"""Stages in which rounds are done; a run that names none is in its rounds once it has one."""
HOLDING = ("source-lost", "disk-full", "stalled")
"""Guards that tell of a state which lasts until something goes on."""
HELD_UP = "waiting"
"""Stage that a run tells of again and again while it waits, with the guard's code."""
Phase = Literal["waiting", "preparing", "learning", "finished", "paused", "failed"]
SEVERITIES = ("blocker", "warning", "info")
FIGURES = ("loss", "val_loss", "val_auc", "learning_rate")
MOST_KEPT, MOST_STAGES = 500, 30
"""Marks, and stages, that are kept: a flood of them must not fill the window's memory."""
MOST_DRAWN = 800
"""Points of a line: about as many as a plot has pixels across."""
LARGEST = 1_000_000_000
"""Number of a round."""
MALFORMED = (AttributeError, KeyError, OverflowError, TypeError, ValueError)
"""What an event raises that doesn't hold what its kind should (a record edited or damaged from outside)."""


@dataclass(frozen=True)
class Mark:
    """A guard's event: where it happened and its sentence."""

    epoch: int
    code: str
    message: str
    time: float
    paths: tuple[str, ...] = ()
    severity: str = "warning"
    step: int | None = None


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
    held: Mark | None = None
    """What the run waits for at this moment, such as its images to come back."""
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

    @cached_property
    def last_epoch(self) -> int:
        return max(self.epochs, default=0)

    @cached_property
    def best(self) -> tuple[int, float | None] | None:
        """Number and AUC of the round whose state is kept: that of the least validation loss."""
        judged = [(n, e) for n, e in self._rounds if e.get("val_loss") is not None]
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
        return [(n, e[name]) for n, e in self._rounds if e.get(name) is not None]

    def line(self, name: str) -> list[tuple[int, float]]:
        """Return ``points`` to be drawn: of a very long run the least and greatest of neighbouring rounds."""
        if name not in self._lines:
            self._lines[name] = thinned(self.points(name))
        return self._lines[name]

    @cached_property
    def _lines(self) -> dict[str, list[tuple[int, float]]]:
        return {}

    @cached_property
    def _rounds(self) -> list[tuple[int, Mapping[str, Any]]]:
        return sorted(self.epochs.items())


def thinned(points: list[tuple[int, float]], most: int = MOST_DRAWN) -> list[tuple[int, float]]:
    """Return the least and greatest of neighbours, in order, so that no peak is lost; all where they are few.

    >>> thinned([(1, 5.0), (2, 1.0), (3, 9.0), (4, 5.0)], most=2)
    [(2, 1.0), (3, 9.0)]
    """
    if len(points) <= most:
        return points
    size = -(-2 * len(points) // most)
    kept = []
    for start in range(0, len(points), size):
        group = points[start : start + size]
        kept += sorted({min(group, key=itemgetter(1)), max(group, key=itemgetter(1))})
    return kept


def tell(story: RunStory, events: Iterable[Mapping[str, Any]]) -> RunStory:
    """Return the story after ``events``; malformed ones and kinds unknown to this version are passed over."""
    rounds = dict(story.epochs)  # this call's own, so that a long history isn't copied at every round
    story = replace(story, epochs=rounds)
    for event in events:
        kind = str(event.get("event"))
        try:
            if kind == "epoch":
                rounds[_within(int(event["epoch"]))] = _round(event)
            heard = _measured(story, event)
            story = _LISTENERS[kind](heard, event) if kind in _LISTENERS else heard
        except MALFORMED:
            continue
    return story


def _round(event: Mapping[str, Any]) -> dict[str, Any]:
    return {**event, **{name: _number(event.get(name), None) for name in FIGURES}}


def _number(value: Any, otherwise: float | None) -> float | None:
    """Return ``value`` where it is a finite number."""
    real = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return value if real else otherwise


def _within(epoch: int) -> int:
    if not 0 <= epoch <= LARGEST:
        raise ValueError(f"expected a round of 0 to {LARGEST:,}, received {epoch}")
    return epoch


def _measured(story: RunStory, event: Mapping[str, Any]) -> RunStory:
    """Take over the figures any event may carry."""
    used, total = _number(event.get("memory_used"), None), _number(event.get("memory_total"), None)
    planned = _number(event.get("epochs"), None)
    left = event.get("seconds_left", story.seconds_left)
    return replace(
        story,
        heard=_number(event.get("time"), story.heard),
        memory=(used, total) if used is not None and total else story.memory,
        seconds_left=_number(left, None),
        images_per_second=_number(event.get("images_per_second"), None) or story.images_per_second,
        planned_epochs=story.planned_epochs if planned is None else _within(int(planned)),
        device=str(event.get("device") or story.device),
        mode=str(event.get("mode") or story.mode),
    )


def _started(story: RunStory, event: Mapping[str, Any]) -> RunStory:
    began = story.began or _number(event.get("time"), None)
    return replace(
        story,
        phase="preparing",
        held=None,
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
    if name == HELD_UP:
        return replace(story, held=story.held or _held(story, event))
    if name == story.stage and story.held is not None:  # it goes on where it was held up
        return replace(story, held=None)
    phase: Phase = story.phase if story.epochs else "preparing"
    return replace(
        story,
        phase=phase,
        held=None,
        stage=name,
        stages=(*story.stages[-MOST_STAGES:], name),
        done=0,
        total=int(event.get("total") or 0),
    )


def _held(story: RunStory, event: Mapping[str, Any]) -> Mark:
    """Return what a run waits for that has said so before, such as in its last round."""
    code = str(event.get("code", ""))
    before = next((mark for mark in reversed(story.marks) if mark.code == code), None)
    return before or Mark(story.last_epoch, code, "", float(event.get("time") or 0.0))


def _progress(story: RunStory, event: Mapping[str, Any]) -> RunStory:
    stage, done = str(event.get("stage") or story.stage), int(event.get("done") or 0)
    goes_on = done != story.done or stage != story.stage
    return replace(
        story,
        phase="preparing" if story.phase == "waiting" else story.phase,
        held=None if goes_on or (story.held and story.held.code == "stalled") else story.held,
        stage=stage,
        done=done,
        total=int(event.get("total") or story.total),
    )


def _epoch(story: RunStory, _event: Mapping[str, Any]) -> RunStory:
    return replace(story, phase="learning", held=None)


def _guard(story: RunStory, event: Mapping[str, Any]) -> RunStory:
    step = event.get("step")
    mark = Mark(
        _within(int(event.get("epoch") or story.last_epoch)),
        str(event.get("code", "")),
        str(event.get("message", "")),
        _number(event.get("time"), 0.0) or 0.0,
        tuple(map(str, event.get("paths") or ())),
        str(event["severity"]) if event.get("severity") in SEVERITIES else "warning",
        int(step) if step is not None else None,
    )
    held = mark if mark.code in HOLDING else None
    if held and story.held and held.code == "stalled":
        held = story.held  # it is silent because it waits
    return replace(story, marks=(*story.marks[-MOST_KEPT:], mark), held=held)


def _finished(story: RunStory, event: Mapping[str, Any]) -> RunStory:
    return replace(
        story,
        phase="finished",
        held=None,
        message=str(event.get("message", "")),
        stopped=bool(event.get("stopped")),
        cross_validated=event.get("cross_validated"),
        seconds_left=0.0,
    )


def _failed(story: RunStory, event: Mapping[str, Any]) -> RunStory:
    phase: Phase = "paused" if event.get("paused") else "failed"
    return replace(
        story,
        phase=phase,
        held=None,
        message=str(event.get("message", "")),
        resumable=bool(event.get("resumable")),
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
