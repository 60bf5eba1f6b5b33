"""A real window, offscreen, with a home of its own and a tiny set of images."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
if find_spec("PySide6") is None:  # the engine is tested without a window too
    collect_ignore_glob = ["*"]
else:
    from PIL import Image
    from tests_window import home, images, opened, window

    from counterpoise.core.catalog.scan import scan
    from counterpoise.core.catalog.sources import open_sources
    from counterpoise.core.jobs.follow import self_command
    from counterpoise.core.study.study import open_study
    from counterpoise.gui.preferences import Preferences
    from counterpoise.gui.session import Session
    from counterpoise.gui.window import MainWindow

    __all__ = ["home", "images", "opened", "window"]

    @pytest.fixture
    def session(qapp, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
        """What the window works on, for a panel without its window; a scan that it starts ends with it."""
        monkeypatch.setattr("counterpoise.gui.scanning.GRACE_MS", 0)
        made = Session(Preferences(home / "window.ini"))
        yield made
        made.close()

    @pytest.fixture(scope="session")
    def trained_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
        """A study with its images inside and one finished quick run, made by the real command."""
        root = tmp_path_factory.mktemp("trained")
        study = root / "study"
        random = np.random.default_rng(1)
        for name, count, level in (("benign", 40, 105), ("malignant", 25, 130)):
            (study / "images" / name).mkdir(parents=True)
            for i in range(count):
                pixels = random.normal(level, 40, (32, 32)).clip(0, 255).astype(np.uint8)
                Image.fromarray(pixels).save(study / "images" / name / f"{name[0]}{i:02d}.png")
        (study / "study.toml").write_text(
            'format_version = 1\n[sources]\ndata = "images"\n', encoding="utf-8"
        )
        command = [*self_command(), "train", str(study), "--run", str(study / "runs" / "first"), "--quiet"]
        environment = {**os.environ, "COUNTERPOISE_HOME": str(root / "home")}
        subprocess.run(command, check=True, env=environment, capture_output=True, timeout=120)
        return study

    @pytest.fixture
    def trained(qtbot, window: MainWindow, trained_once: Path, tmp_path: Path) -> MainWindow:
        """The window with a copy of that study open."""
        copy = tmp_path / "study"
        shutil.copytree(trained_once, copy)
        session, study = window.session, open_study(copy)
        session.take(study, study.load_settings())
        session.show_catalog(scan(open_sources(copy), session.settings.data))
        qtbot.waitUntil(lambda: session.check is not None or bool(session.check_error), timeout=60_000)
        return window
