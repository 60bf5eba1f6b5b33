"""Small real image folders, made from a few lines."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from counterpoise.core.catalog.scan import scan
from counterpoise.core.catalog.sources import open_sources
from counterpoise.core.catalog.types import Catalog
from counterpoise.core.findings import Finding
from counterpoise.core.settings import DataSettings


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's own folders, so that no test sees another's."""
    path = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("COUNTERPOISE_HOME", str(path))
    return path


Put = Callable[..., Path]


@pytest.fixture
def put(tmp_path: Path) -> Put:
    """Write a grey noise image at a path under DATA; the same seed gives the same pixels."""
    made = 0

    def write(
        path: str, seed: int | None = None, size: tuple[int, int] = (8, 6), color: bool = False
    ) -> Path:
        nonlocal made
        made += 1
        rng = np.random.default_rng(10_000 + made if seed is None else seed)
        shape = (size[1], size[0], 3) if color else (size[1], size[0])
        file = tmp_path / "data" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(rng.integers(0, 256, shape, dtype=np.uint8)).save(file)
        return file

    return write


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


Scan = Callable[..., Catalog]


@pytest.fixture
def scanned(data: Path) -> Scan:
    """Scan DATA with settings given as keywords."""

    def run(root: Path = data, labels: Path | None = None, **settings: object) -> Catalog:
        return scan(open_sources(root, labels=labels), DataSettings.model_validate(settings))

    return run


@pytest.fixture
def healthy(put: Put, data: Path) -> Path:
    """Two classes of 12 images each, nothing wrong with them."""
    for label in ("cat", "dog"):
        for number in range(12):
            put(f"{label}/{number:04}.png")
    return data


def _found(catalog: Catalog, code: str) -> list[Finding]:
    return [finding for finding in catalog.findings if finding.code == code]


@pytest.fixture
def found() -> Callable[[Catalog, str], list[Finding]]:
    """Return the findings of one code."""
    return _found
