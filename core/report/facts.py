"""All that a report tells, gathered from the run's own files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from counterpoise.core.catalog.snapshot import SplitRow, read_split_csv
from counterpoise.core.catalog.types import PARTS
from counterpoise.core.evaluation.metrics_file import read_metrics
from counterpoise.core.jobs.events import Event
from counterpoise.core.jobs.follow import events_so_far
from counterpoise.core.study.run_folder import RunFolder
from counterpoise.core.training.diagnosis import Explanation, diagnose
from counterpoise.core.training.record import RunConfig, read_config


@dataclass(frozen=True)
class ClassRow:
    """A class with its images by part, and its weight."""

    name: str
    counts: dict[str, int]
    """Images in train, val, test."""
    left_out: int
    weight: float
    share: float
    """Of the largest class, 0 to 1, for the bar."""


@dataclass(frozen=True)
class Facts:
    """What was done and found in a run."""

    name: str
    config: RunConfig
    validation: Mapping[str, Any]
    cross_validated: Mapping[str, Any] | None
    tests: tuple[Mapping[str, Any], ...]
    """Evaluations on the test part, oldest first."""
    external: tuple[Mapping[str, Any], ...]
    """Evaluations on other images, oldest first."""
    openings: int
    classes: tuple[ClassRow, ...]
    patients: int
    """Patients told apart; 0 where they are unknown."""
    findings: tuple[Event, ...]
    epochs: tuple[Event, ...]
    guards: tuple[Event, ...]
    story: tuple[Event, ...]
    """Starts, ends and everything that happened between them, in order."""
    explanations: tuple[Explanation, ...] = ()
    """Why it learned nothing or less than it could, where that is so."""

    @property
    def best(self) -> Mapping[str, Any]:
        """The figures that count: those of the test part where it was opened, else of validation."""
        return self.tests[-1] if self.tests else self.validation


def gather(run: RunFolder) -> Facts:
    """Read a finished run; raises CounterpoiseError where a file of it is missing or damaged."""
    config = read_config(run)
    metrics = read_metrics(run.metrics)
    rows = read_split_csv(run.split)
    events = list(events_so_far(run.events))
    evaluations = metrics["evaluations"]
    return Facts(
        name=run.root.absolute().name,
        config=config,
        validation=metrics["validation"],
        cross_validated=metrics.get("cross_validated"),
        tests=tuple(e for e in evaluations if e["split"] == "test"),
        external=tuple(e for e in evaluations if e["split"] != "test"),
        openings=metrics["openings"],
        classes=class_rows(rows, config),
        patients=len({row.group for row in rows if row.group}),
        findings=tuple(e for e in events if e["event"] == "finding"),
        epochs=last_told(events),
        guards=tuple(e for e in events if e["event"] == "guard"),
        story=tuple(e for e in events if e["event"] in ("started", "guard", "finished", "failed")),
        explanations=diagnose(run),
    )


def last_told(events: Sequence[Event]) -> tuple[Event, ...]:
    """Return one event per epoch; of one told twice, after a restart, the later."""
    by_epoch = {int(e["epoch"]): e for e in events if e["event"] == "epoch"}
    return tuple(by_epoch[number] for number in sorted(by_epoch))


def class_rows(rows: Sequence[SplitRow], config: RunConfig) -> tuple[ClassRow, ...]:
    """Count images by class and part."""
    counts = {label: {str(part): 0 for part in (*PARTS, "")} for label in config.labels}
    for row in rows:
        if row.label in counts:
            counts[row.label][row.part] += 1
    most = max((sum(c.values()) for c in counts.values()), default=1) or 1
    return tuple(
        ClassRow(
            label,
            {part: number for part, number in c.items() if part},
            c[""],
            config.weights[label],
            sum(c.values()) / most,
        )
        for label, c in counts.items()
    )


def moment(seconds: float) -> str:
    """Return a time since the epoch as ``2026-11-23 04:08 UTC``."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")
