"""Small sets of real files with their records."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from counterpoise.core.catalog.measure import measure
from counterpoise.core.catalog.types import ImageRecord, Sources

MakeSet = Callable[..., tuple[Sources, tuple[ImageRecord, ...]]]


@pytest.fixture
def make_set(tmp_path: Path) -> MakeSet:
    """Write PNG files and return sources and records of them."""

    def make(
        count: int, side: int = 24, folder: str = "data", seed: int = 0
    ) -> tuple[Sources, tuple[ImageRecord, ...]]:
        root = tmp_path / folder
        root.mkdir(exist_ok=True)
        rng = np.random.default_rng(seed)
        for number in range(count):
            pixels = rng.integers(0, 256, (side, side), np.uint8)
            Image.fromarray(pixels).save(root / f"{number:04}.png")
        return Sources(root=root), tuple(record(path) for path in sorted(root.iterdir()))

    return make


def record(path: Path, label: str = "a") -> ImageRecord:
    """Return the catalog's record of a file of one image."""
    f = measure(str(path), b"key").frames[0]
    return ImageRecord(
        path=path.name,
        frame=f.frame,
        label=label,
        group="",
        part="train",
        content=f.content,
        width=f.width,
        height=f.height,
        channels=f.channels,
        bits=f.bits,
        units=f.units,  # type: ignore[arg-type]  # a Frame's units
        format=f.format,
        minimum=f.minimum,
        maximum=f.maximum,
        mean=f.mean,
        std=f.std,
    )
