"""One real run, trained once on drawn images; each test gets a copy of it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from drawing import draw

from counterpoise.core.catalog.scan import scan
from counterpoise.core.catalog.types import Sources
from counterpoise.core.safety.plan import make_plan
from counterpoise.core.settings import Settings
from counterpoise.core.study.places import HOME_VARIABLE
from counterpoise.core.training.start import train

GROUPS = r"name:^([^_]+)_"


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with ``data``, ``run`` and ``home``, where the user's own files lie."""
    base = tmp_path_factory.mktemp("trained")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(HOME_VARIABLE, str(base / "home"))
        sources = Sources(root=draw(base / "data", 30, seed=1))
        settings = Settings().changed(
            {
                "data.group_by": GROUPS,
                "model.image_size": 32,
                "training.epochs": 3,
                "evaluation.prevalence": 0.1,
            }
        )
        plan = make_plan(scan(sources, settings.data), settings, run=base / "run")
        told: list[dict[str, object]] = []
        assert train(plan, emit=told.append) == 0, told[-1]
        yield base


@pytest.fixture
def base(trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of this test's own with ``run``; the images are where they were at training."""
    shutil.copytree(trained / "run", tmp_path / "run")
    shutil.copytree(trained / "home", tmp_path / "home")
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "home"))
    return tmp_path
