"""A real window, offscreen, with a home of its own and a tiny set of images; and runs that learn nothing."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest
from PIL import Image

from counterpoise.core.catalog.scan import scan
from counterpoise.core.catalog.sources import open_sources
from counterpoise.core.jobs.job import Job
from counterpoise.core.study.run_folder import RunFolder
from counterpoise.gui.app import make_window
from counterpoise.gui.preferences import Preferences
from counterpoise.gui.studies import study_for
from counterpoise.gui.window import MainWindow

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folders, for this test alone (child processes inherit it)."""
    folder = tmp_path / "home"
    monkeypatch.setenv("COUNTERPOISE_HOME", str(folder))
    return folder


@pytest.fixture
def images(tmp_path: Path) -> Path:
    """Two classes, 12 and 6 images of noise; one image stands under both labels, one file is cut off."""
    random = np.random.default_rng(0)
    root = tmp_path / "cells"
    for name, count, level in (("benign", 12, 90), ("malignant", 6, 160)):
        folder = root / name
        folder.mkdir(parents=True)
        for i in range(count):
            pixels = random.normal(level, 25, (32, 32)).clip(0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(folder / f"{name[0]}{i:02d}.png")
    (root / "malignant" / "same.png").write_bytes((root / "benign" / "b00.png").read_bytes())
    (root / "benign" / "cut.png").write_bytes((root / "benign" / "b01.png").read_bytes()[:200])
    return root


@pytest.fixture
def window(qtbot, qapp, home: Path) -> Iterator[MainWindow]:
    made = make_window(qapp, Preferences(home / "window.ini"))
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
    yield made
    made.close_quietly()


@pytest.fixture
def opened(qtbot, window: MainWindow, images: Path) -> MainWindow:
    """The window with the images read (in this process, which saves a second a test) and judged."""
    session = window.session
    study, _ = study_for([images])
    session.take(study, study.load_settings())
    session.show_catalog(scan(open_sources(study.root), session.settings.data))
    qtbot.waitUntil(lambda: session.check is not None or bool(session.check_error), timeout=60_000)
    return window


def family() -> set[psutil.Process]:
    """Return all that this process has started and that still lives, but for multiprocessing's own helper."""
    return {
        child
        for child in psutil.Process().children(recursive=True)
        if child.status() != psutil.STATUS_ZOMBIE and "resource_tracker" not in " ".join(child.cmdline())
    }


class LiveRun:
    """A run owned by a real supervisor whose child sends rounds, and obeys or doesn't; it learns nothing."""

    def __init__(self, root: Path, **how: object) -> None:
        self.folder = RunFolder(root)
        root.mkdir(parents=True, exist_ok=True)
        self.folder.config.touch()
        self.job = Job("window_trials:own", {"root": root, **how}, name="run")
        self.job.start()
        next(self.job.events(timeout=60))
        assert self.job.pid is not None
        self.supervisor = psutil.Process(self.job.pid)

    @property
    def child(self) -> psutil.Process:
        return next(p for p in self.supervisor.children() if "resource_tracker" not in " ".join(p.cmdline()))


@pytest.fixture
def live(window: MainWindow, tmp_path: Path) -> Iterator[Callable[..., LiveRun]]:
    """Make a study with a run that goes on, open it in the window, and return the run."""
    made: list[LiveRun] = []

    def begin(**how: object) -> LiveRun:
        root = tmp_path / "study"
        root.mkdir(exist_ok=True)
        (root / "images").mkdir(exist_ok=True)
        text = 'format_version = 1\n[sources]\ndata = "images"\n'
        (root / "study.toml").write_text(text, encoding="utf-8")
        made.append(LiveRun(root / "runs" / "live", **how))
        study, _ = study_for([root])
        window.session.take(study, study.load_settings())
        return made[-1]

    yield begin
    for run in made:
        run.job.close()
