"""What a run's own files tell of it, read once; what is missing or damaged is left out."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.figures.predictions import PredictionLine, read_predictions
from counterpoise.core.jobs.events import LAST, Event
from counterpoise.core.jobs.follow import events_so_far
from counterpoise.core.jobs.ownership import is_owned
from counterpoise.core.safety.causes import Cause, Symptom, likeliest_causes
from counterpoise.core.study.run_folder import RunFolder
from counterpoise.core.training.record import RunConfig, read_config

TERMINAL = ("non-finite-step", "exploding-loss", "out-of-memory", "process-died", "source-lost", "disk-full")
"""Guards that a run can end of; the others are remarks."""


@dataclass(frozen=True)
class Record:
    """A run as it can be told from its folder alone."""

    config: RunConfig
    epochs: tuple[Event, ...]
    """One per round, the later of a round told twice."""
    guards: tuple[Event, ...]
    """Since the last start."""
    unresolved: Event | None
    """The last guard that a run can end of, where no round came after it."""
    ending: Event | None
    """The last line, where the run isn't going on or gone."""
    owned: bool
    """Whether someone looks after the run now."""
    validation: Mapping[str, Any] | None
    """Figures on validation."""
    cross_validated: Mapping[str, Any] | None
    tested: tuple[Mapping[str, Any], ...]
    """Figures on the test part, where it was opened."""
    predictions: tuple[PredictionLine, ...]
    """Of the validation part."""

    @property
    def failed(self) -> bool:
        """Whether it ended before it was done, without having been asked to."""
        if self.ending is None:
            return not self.owned
        return self.ending["event"] == "failed" and not self.ending.get("paused")

    @property
    def finished(self) -> bool:
        return self.ending is not None and self.ending["event"] == "finished"

    def causes(self, symptom: Symptom) -> tuple[Cause, ...]:
        """Return the likeliest causes of ``symptom`` in the settings that ran."""
        config = self.config
        return likeliest_causes(symptom, config.settings, config.weights, config.counts)

    def of(self, *codes: str) -> tuple[Event, ...]:
        """Return the guards with these codes."""
        return tuple(guard for guard in self.guards if guard.get("code") in codes)


def read_record(run: RunFolder) -> Record:
    """Read the folder of ``run``; raises CounterpoiseError where ``config.toml`` is missing or damaged."""
    config = read_config(run)
    epochs: dict[int, Event] = {}
    guards: list[Event] = []
    unresolved = ending = None
    for told in events_so_far(run.events):
        kind = told["event"]
        if kind == "started":
            guards, unresolved, ending = [], None, None
        elif kind == "epoch":
            epochs[int(told["epoch"])], unresolved = told, None
        elif kind == "guard":
            guards.append(told)
            unresolved = told if told.get("code") in TERMINAL else unresolved
        elif kind in LAST:
            ending = told
    metrics = _metrics(run.metrics)
    return Record(
        config=config,
        epochs=tuple(epochs[number] for number in sorted(epochs)),
        guards=tuple(guards),
        unresolved=unresolved,
        ending=ending,
        owned=is_owned(run.owner),
        validation=metrics.get("validation"),
        cross_validated=metrics.get("cross_validated"),
        tested=tuple(e for e in metrics.get("evaluations") or () if e.get("split") == "test"),
        predictions=_predictions(run.predictions),
    )


def _metrics(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _predictions(path: Path) -> tuple[PredictionLine, ...]:
    try:
        _, lines = read_predictions(path)
    except CounterpoiseError:
        return ()
    return tuple(line for line in lines if line.split == "val")
