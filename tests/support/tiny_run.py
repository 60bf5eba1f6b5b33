"""A finished run with random weights on drawn images: all that prediction and export need, in a moment."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from counterpoise.core.balance.labels_file import LabelsFile
from counterpoise.core.balance.operating import OperatingPoint
from counterpoise.core.catalog.scan import scan
from counterpoise.core.catalog.snapshot import write_split_csv
from counterpoise.core.catalog.sources import open_sources, sources_json
from counterpoise.core.models.arrays import initial_arrays
from counterpoise.core.models.assemble import assemble
from counterpoise.core.models.registry import spec
from counterpoise.core.models.save import save_network
from counterpoise.core.pixels.choose import choose_format
from counterpoise.core.pixels.scaling import FittedScaling
from counterpoise.core.prediction.manifest import write_manifest
from counterpoise.core.settings import DataSettings, Settings
from counterpoise.core.study.places import remember_location
from counterpoise.core.study.run_folder import RunFolder
from counterpoise.core.training.record import RunConfig, write_config

LABELS = ("bright", "dark")
IN_MANIFEST = ("config.toml", "labels.json", "model.keras", "model.onnx", "preprocessing.json", "split.csv")


def draw_images(root: Path, count: int = 12, bits: int = 8, colour: bool = False) -> Path:
    """Write ``count`` noisy images a class; dark ones have a third of the brightness."""
    random = np.random.default_rng(1)
    for label, brightness in zip(LABELS, (1.0, 0.33), strict=True):
        folder = root / label
        folder.mkdir(parents=True)
        for number in range(count):
            shape = (40, 48, 3) if colour else (40, 48)
            values = random.integers(0, 2**bits, shape) * brightness
            image = Image.fromarray(values.astype(np.uint16 if bits > 8 else np.uint8))
            image.save(folder / f"{number:02}.png")
    return root


def make_run(
    root: Path, data: Path, *, network: str = "small_cnn", mode: str = "scratch", scaling: str = "minmax"
) -> RunFolder:
    """Write a finished run on the images of ``data``."""
    sources = open_sources(data)
    settings = Settings().changed({"model.name": network, "model.mode": mode, "scaling.method": scaling})
    catalog = scan(sources, DataSettings(), cache=root.parent / "scan-cache")
    chosen = spec(network)
    fmt = choose_format(catalog.images, 32, chosen.minimum_size)
    fitted = _scaling(scaling, fmt.channels, 65535 if fmt.units == "uint16" else 255)
    net = assemble(chosen, fmt, fitted, len(LABELS), mode)
    run = RunFolder(root)
    root.mkdir(parents=True)
    counts = catalog.counts("train")
    total = sum(counts.values())
    prevalence = {label: count / total for label, count in counts.items()}
    config = RunConfig(
        id="0" * 31 + "1", created="2026-11-23T00:00:00+00:00", version="0.1.0", labels=LABELS, counts=counts,
        weights=dict.fromkeys(LABELS, 1.0), prevalence=prevalence, positive="dark", device="cpu", format=fmt,
        scaling=fitted, settings=settings, requested=settings,
    )  # fmt: skip
    write_config(run, config)
    write_split_csv(catalog, run.split)
    save_network(net, initial_arrays(net, chosen, mode, seed=3), run.model_keras, run.model_onnx)
    point = OperatingPoint(class_="dark", value=0.45)
    run.labels.write_text(LabelsFile(labels=LABELS, threshold=point, prevalence=prevalence).to_text())
    run.preprocessing.write_text(fmt.model_dump_json())
    figures = {"metrics": {"auc": {"value": 0.9, "low": 0.8, "high": 0.95}}, "per_class": {}}
    run.metrics.write_text(json.dumps({"validation": figures, "openings": 0, "evaluations": []}))
    write_manifest(root, IN_MANIFEST)
    remember_location(config.id, sources_json(sources))
    return run


def _scaling(method: str, channels: int, highest: float) -> FittedScaling:
    offset, scale = {"none": (0.0, 1.0), "zscore": (0.4 * highest, 4 / highest)}.get(
        method, (0.0, 1 / highest)
    )
    return FittedScaling(
        method=method,
        offset=(offset,) * channels,
        scale=(scale,) * channels,
        clip=(0.0, 1.0) if method == "percentile" else None,
        per_image=method == "image_zscore",
    )


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTERPOISE_HOME", str(tmp_path / "home"))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return draw_images(tmp_path / "data")


@pytest.fixture
def run(tmp_path: Path, data: Path) -> RunFolder:
    return make_run(tmp_path / "run", data)
