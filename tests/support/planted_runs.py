"""Runs that really ran (in this process, the quick way), with the record a supervisor would leave."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tests_training import own_home

from counterpoise.core.catalog.scan import scan
from counterpoise.core.catalog.sources import open_sources
from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.jobs.events import event, to_line
from counterpoise.core.jobs.job import JobContext
from counterpoise.core.jobs.process import SPAWN
from counterpoise.core.pixels.format import PixelFormat
from counterpoise.core.safety.plan import Plan, make_plan
from counterpoise.core.settings import Settings
from counterpoise.core.study.run_folder import RunFolder
from counterpoise.core.training.child import train_run
from counterpoise.core.training.record import RunConfig, write_config
from counterpoise.core.training.start import make_work, prepare_run

__all__ = ["own_home"]

RESOLVED = {
    "weighting.method": "none", "scaling.method": "minmax", "model.mode": "scratch",
    "model.name": "small_cnn", "model.image_size": 96, "training.optimizer": "adam",
    "training.learning_rate": 1e-3, "training.batch_size": 32, "training.epochs": 30,
    "training.precision": "float32", "training.augment": "light",
}  # fmt: skip

Classes = dict[str, tuple[int, float]]
"""Images and brightness of each class."""


def draw(folder: Path, classes: Classes, side: int = 32) -> Path:
    """Write noise of each class's brightness."""
    random = np.random.default_rng(7)
    for label, (count, brightness) in classes.items():
        (folder / label).mkdir(parents=True)
        for number in range(count):
            pixels = random.normal(brightness, 30, (side, side)).clip(0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(folder / label / f"{label}{number:03}.png")
    return folder


@pytest.fixture
def plan(tmp_path: Path) -> Callable[..., Plan]:
    """Plan a run: ``plan(classes, "run", **{"training.epochs": 2})``."""

    def make(classes: Classes, name: str = "run", **changes: Any) -> Plan:
        data = tmp_path / "data"
        if not data.exists():
            draw(data, classes)
        settings = Settings().changed({"training.device": "cpu", "model.image_size": 32, **changes})
        cache = tmp_path / "cache"
        catalog = scan(open_sources(data), settings.data, cache=cache)
        return make_plan(catalog, settings, run=tmp_path / name, cache=cache)

    return make


class Writing(JobContext):
    """Writes what the child sends to the run, as its supervisor does."""

    def __init__(self, run: RunFolder) -> None:
        self._ours, theirs = SPAWN.Pipe()
        super().__init__(theirs)
        self.run = run

    def send(self, kind: str, **fields: Any) -> None:
        with self.run.events.open("a", encoding="utf-8") as file:
            file.write(to_line(event(kind, **fields)))


def ran(plan: Plan) -> RunFolder:
    """Train ``plan`` in this process to its end, good or bad."""
    assert plan.run is not None
    run = RunFolder(plan.run)
    prepare_run(run, plan)
    context = Writing(run)
    context.send("started")
    try:
        result = train_run(make_work(run, plan.catalog, plan.cache, None), context)
        context.send("finished", **{"stopped": False, **result}, seconds=1.0)
    except CounterpoiseError as error:
        context.send("failed", message=str(error), resumable=True, paused=False, seconds=1.0)
    return run


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., RunFolder]:
    """Write a run whose events are given: ``written([event, ...], device="gpu", **settings)``."""

    def write(events: list[dict[str, Any]], *, device: str = "cpu", **changes: Any) -> RunFolder:
        run = RunFolder(tmp_path / "run")
        run.root.mkdir()
        settings = Settings().changed({**RESOLVED, **changes})
        requested = Settings().changed(changes)
        write_config(run, RunConfig(
            id="0" * 32, created="2026-11-23T00:00:00+00:00", version="1", labels=("a", "b"),
            counts={"a": 900, "b": 100}, weights={"a": 1.0, "b": 1.0}, prevalence={"a": 0.9, "b": 0.1},
            device=device, format=PixelFormat(size=(96, 96), channels=1, units="uint8"), settings=settings,
            requested=requested,
        ))  # fmt: skip
        lines = [{"time": 1.8e9 + n, **what} for n, what in enumerate([{"event": "started"}, *events])]
        run.events.write_text("".join(map(to_line, lines)), encoding="utf-8")
        return run

    return write
