"""Finished runs to predict with; ``tiny_run`` is found by spawned children too."""

import sys
from pathlib import Path

import pytest

HELPERS = str(Path(__file__).parent / "helpers")
if HELPERS not in sys.path:
    sys.path.insert(0, HELPERS)


@pytest.fixture(autouse=True)
def _own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("COUNTERPOISE_HOME", str(tmp_path / "home"))


@pytest.fixture
def data(tmp_path):
    from tiny_run import draw_images

    return draw_images(tmp_path / "data")


@pytest.fixture
def run(tmp_path, data):
    from tiny_run import make_run

    return make_run(tmp_path / "run", data)
