"""A set small enough to be trained in a second, and the training's own function run in this process."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from counterpoise.core.catalog.scan import scan
from counterpoise.core.catalog.sources import open_sources
from counterpoise.core.jobs.job import JobContext
from counterpoise.core.jobs.process import SPAWN
from counterpoise.core.safety.plan import Plan, make_plan
from counterpoise.core.settings import Settings
from counterpoise.core.study.run_folder import RunFolder
from counterpoise.core.training.child import train_run
from counterpoise.core.training.start import make_work, prepare_run, train


def draw(folder: Path, label: str, count: int, brightness: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    (folder / label).mkdir(parents=True)
    y, x = np.mgrid[:32, :32]
    for number in range(count):
        pixels = random.normal(90, 25, (32, 32))
        row, column = random.integers(10, 22, 2)
        pixels[(y - row) ** 2 + (x - column) ** 2 < 50] += brightness
        image = Image.fromarray(pixels.clip(0, 255).astype(np.uint8))
        image.save(folder / label / f"p{seed}{number // 4:02d}_{number}.png")


@pytest.fixture(scope="session")
def discs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Bright and dark discs on noise, four images per patient."""
    folder = tmp_path_factory.mktemp("discs")
    draw(folder, "bright", 48, 110, 1)
    draw(folder, "dark", 72, -80, 2)
    return folder


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTERPOISE_HOME", str(tmp_path_factory.getbasetemp() / "home"))


MakePlan = Callable[..., Plan]


@pytest.fixture
def make(discs: Path, tmp_path: Path) -> MakePlan:
    """Plan a run on the discs: ``make("run", **{"training.epochs": 2})``."""

    def plan(name: str = "run", cache_name: str = "cache", **changes: Any) -> Plan:
        chosen = {"data.group_by": "name:^([^_]+)_", "model.image_size": 32, "training.device": "cpu"}
        settings = Settings().changed({**chosen, **changes})
        cache = tmp_path / cache_name
        catalog = scan(open_sources(discs), settings.data, cache=cache)
        return make_plan(catalog, settings, run=tmp_path / name, cache=cache)

    return plan


@dataclass
class Told:
    """What a training that ran in this process came to."""

    run: RunFolder
    result: dict[str, Any]
    events: list[dict[str, Any]]

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["event"] == kind]


def work_here(
    plan: Plan,
    *,
    new: bool = True,
    commands: dict[int, str] | None = None,
    events: list[dict[str, Any]] | None = None,
    when: Callable[[dict[str, Any]], str | None] | None = None,
    **work: Any,
) -> Told:
    """Run the child's own function in this process; after its n-th event it is sent ``commands[n]``.

    ``events`` is filled as they come: for a training that raises. ``when`` hears each event and may return a
    command; ``work`` changes fields of the child's Work.
    """
    assert plan.run is not None
    run = RunFolder(plan.run)
    if new:
        prepare_run(run, plan)
    ours, theirs = SPAWN.Pipe()
    events = [] if events is None else events

    class Context(JobContext):
        def send(self, kind: str, **fields: Any) -> None:
            super().send(kind, **fields)
            events.append(ours.recv())
            asked = when(events[-1]) if when else None
            if asked:
                self._commands.put(asked)

        def commands(self) -> list[str]:
            due = [command for at, command in (commands or {}).items() if len(events) >= at]
            for at in [at for at in (commands or {}) if len(events) >= at]:
                (commands or {}).pop(at)
            return due + super().commands()

    context = Context(theirs)
    result = train_run(replace(make_work(run, plan.catalog, plan.cache, None), **work), context)
    ours.close()
    return Told(run, result, events)


def train_telling(plan: Plan, context: JobContext) -> int:
    """A supervisor in a process of its own, as ``counterpoise train`` is one."""
    return train(plan, emit=lambda what: context.send("said", what=what))
