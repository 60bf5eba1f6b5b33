"""Catalogs without files, and with a few real ones, for judging plans."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from counterpoise.core.catalog.types import NO_FRAME, Catalog, ImageRecord, Sources
from counterpoise.core.safety.host import Gpu, Host
from counterpoise.core.safety.plan import Plan, make_plan
from counterpoise.core.settings import Settings

HOST = Host(memory_total=16 * 2**30, memory_free=12 * 2**30, cores=4, gpu_reason="no NVIDIA driver was found")


@dataclass(frozen=True)
class Case:
    """Everything a plan is made from."""

    catalog: Catalog
    settings: Settings = field(default_factory=Settings)
    host: Host = HOST
    run: Path | None = None
    cache: Path = Path()

    def plan(self) -> Plan:
        return make_plan(self.catalog, self.settings, run=self.run, cache=self.cache, host=self.host)

    def set(self, **changes: Any) -> "Case":
        """Change settings; ``__`` stands for the dot."""
        dotted = {key.replace("__", "."): value for key, value in changes.items()}
        return replace(self, settings=self.settings.changed(dotted))


def images_of(
    counts: dict[str, tuple[int, int, int]], root_groups: bool = False, **pixels: Any
) -> tuple[ImageRecord, ...]:
    """Make records; ``counts`` are (train, val, test) per class."""
    values: dict[str, Any] = {
        "width": 100, "height": 100, "channels": 1, "bits": 8, "units": "uint8", "format": "PNG",
        "minimum": 0.0, "maximum": 255.0, "mean": 120.0, "std": 55.0,
    }  # fmt: skip
    values |= pixels
    return tuple(
        ImageRecord(
            path=f"{part}/{label}/{number}.png",
            frame=NO_FRAME,
            label=label,
            group=f"{part}{label}{number // 2}" if root_groups else "",
            part=part,
            content=f"{part}{label}{number}",
            **values,
        )
        for label, three in sorted(counts.items())
        for part, amount in zip(("train", "val", "test"), three, strict=True)
        for number in range(amount)
    )


def catalog_of(images: tuple[ImageRecord, ...], root: Path = Path("nowhere")) -> Catalog:
    return Catalog(Sources(root=root), images, (), len(images), own_parts=("train", "val", "test"))


@pytest.fixture
def healthy(tmp_path: Path) -> Case:
    """Two classes of 300 to 700 images each; nothing is wrong with them."""
    counts = {"normal": (300, 100, 100), "sick": (700, 200, 200)}
    return Case(catalog_of(images_of(counts)), cache=tmp_path / "cache")


@pytest.fixture
def gpu_host() -> Host:
    return replace(HOST, gpus=(Gpu("Card", 8 * 2**30, 7 * 2**30, (8, 6)),), gpu_reason="")


@pytest.fixture
def make_case(tmp_path: Path) -> Callable[..., Case]:
    def make(counts: dict[str, tuple[int, int, int]], **pixels: Any) -> Case:
        return Case(catalog_of(images_of(counts, **pixels)), cache=tmp_path / "cache")

    return make


@pytest.fixture
def on_disk(tmp_path: Path) -> Callable[..., Case]:
    """Make a case whose training images are real PNG files of the given pixel arrays, in turn."""

    def make(arrays: list[np.ndarray], **pixels: Any) -> Case:
        counts = {"normal": (30, 100, 100), "sick": (30, 100, 100)}
        images = images_of(counts, **pixels)
        for number, image in enumerate(images):
            if image.part == "train":
                file = tmp_path / "data" / image.path
                file.parent.mkdir(parents=True, exist_ok=True)
                Image.fromarray(arrays[number % len(arrays)]).save(file)
        return Case(catalog_of(images, tmp_path / "data"), cache=tmp_path / "cache")

    return make
