"""Real faults of real runs: ``pytest -m faults tests/faults``; rows not marked long run by default."""

import shutil
import signal
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from fault_runs import Place, Unbroken, outcome, resumable
from tests_training import discs, draw, make, own_home

__all__ = ["discs", "make", "own_home"]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here) and item.get_closest_marker("slow") is None:
            item.add_marker("faults")


@pytest.fixture(scope="session", autouse=True)
def all_signals_are_heard() -> None:
    """Undo what a shell in the background and ``nohup`` let all their children ignore."""
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
        if signal.getsignal(number) == signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)


@pytest.fixture(scope="session")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """60 images of 15 patients: small enough to be trained on in a moment."""
    folder = tmp_path_factory.mktemp("few")
    draw(folder, "bright", 24, 110, 1)
    draw(folder, "dark", 36, -80, 2)
    return folder


@pytest.fixture
def place(few: Path, tmp_path: Path) -> Iterator[Place]:
    """A run to be started, with a home of its own and a copy of the images."""
    shutil.copytree(few, tmp_path / "data")
    with Place(tmp_path, tmp_path / "data") as place:
        yield place


@pytest.fixture(scope="session")
def unbroken(few: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Unbroken]:
    """What the undisturbed run of a kind comes to, each trained once."""

    @cache
    def whole(kind: str) -> Unbroken:
        with Place(tmp_path_factory.mktemp(kind), few, kind) as place:
            ended = place.train().end()
            assert ended.status == 0, ended
            return outcome(place.run)

    return whole


@pytest.fixture(scope="session")
def paused(few: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of the kind ``paused`` that was paused twice, with two saved states."""
    root = tmp_path_factory.mktemp("paused")
    shutil.copytree(few, root / "data")
    with Place(root, root / "data", "paused") as place:
        for resume, epoch in ((False, 40), (True, 90)):
            training = place.train(resume=resume)
            training.until(lambda event, epoch=epoch: event.get("epoch", 0) >= epoch)
            training.send(signal.SIGTERM)
            resumable(training.end())
        assert len(list(place.run.checkpoints.iterdir())) == 2
    return root


@pytest.fixture
def stopped(paused: Path, tmp_path: Path) -> Iterator[Place]:
    """A copy of the paused run."""
    shutil.copytree(paused, tmp_path, dirs_exist_ok=True)
    with Place(tmp_path, tmp_path / "data", "paused") as place:
        yield place


@pytest.fixture(scope="session")
def whole(few: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that has finished."""
    root = tmp_path_factory.mktemp("whole")
    shutil.copytree(few, root / "data")
    with Place(root, root / "data") as place:
        assert place.train().end().status == 0
    return root


@pytest.fixture
def finished(whole: Path, tmp_path: Path) -> Iterator[Place]:
    """A copy of the finished run."""
    shutil.copytree(whole, tmp_path, dirs_exist_ok=True)
    with Place(tmp_path, tmp_path / "data") as place:
        yield place
