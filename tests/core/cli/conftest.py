"""The command line as users meet it: a process of its own, with a home of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from counterpoise.core.cli.tiny import make_tiny_images


@dataclass(frozen=True)
class Answer:
    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one object on stdout; fails where anything else stands there."""
        assert self.out.count("\n") == 1
        return strict(self.out)

    @property
    def lines(self) -> list[Any]:
        return [strict(line) for line in self.out.splitlines()]


def strict(text: str) -> Any:
    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    return json.loads(text, parse_constant=refuse)


Cli = Callable[..., Answer]


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def cli(home: Path) -> Cli:
    def call(*arguments: object, cwd: Path | None = None) -> Answer:
        done = subprocess.run(
            [sys.executable, "-m", "counterpoise.core.cli.main", *map(str, arguments)],
            capture_output=True,
            text=True,
            cwd=cwd,
            env={**os.environ, "COUNTERPOISE_HOME": str(home)},
            timeout=240,
            check=False,
        )
        return Answer(done.returncode, done.stdout, done.stderr)

    return call


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data") / "tiny"
    make_tiny_images(folder)
    return folder


@pytest.fixture(scope="session")
def trained(cli: Cli, tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Answer]:
    """A run of two rounds on the tiny images, and what the command said."""
    run = tmp_path_factory.mktemp("runs") / "run"
    answer = cli("train", tiny, "--run", run, "--json", "--set", "training.epochs=2")
    assert answer.status == 0, answer.out + answer.err
    return run, answer
