"""One grey level of 12 bits is still there in what networks are given: with features, trained, exported."""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from deep_files import ENDINGS, KINDS
from tiny_run import make_run

from counterpoise.core.catalog.scan import scan
from counterpoise.core.catalog.sources import open_sources
from counterpoise.core.export.export import export_run
from counterpoise.core.models.arrays import initial_arrays
from counterpoise.core.models.assemble import FEATURES, assemble
from counterpoise.core.models.network import Network
from counterpoise.core.models.onnx_builder import build_onnx
from counterpoise.core.models.registry import spec
from counterpoise.core.pixels.choose import choose_format
from counterpoise.core.pixels.fit import fit_scaling
from counterpoise.core.pixels.store import ImageStore
from counterpoise.core.settings import DataSettings, ScalingSettings

SIDE = 64
LEVELS = np.random.default_rng(0).integers(500, 3500, (SIDE, SIDE)).astype(np.uint16)
PAIR = ("dark/00", "dark/01")
"""Two images; the second is one level brighter everywhere."""


BY_DEFAULT = ("png",)
"""The others go the same way once they are read; each starts processes of its own, which takes seconds."""


@pytest.fixture(params=[k if k in BY_DEFAULT else pytest.param(k, marks=pytest.mark.slow) for k in KINDS])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def folder(tmp_path: Path, kind: str) -> Path:
    """Two classes over the whole 12 bits, the pair among them."""
    write, ending = KINDS[kind][0], ENDINGS[kind]
    images = {PAIR[0]: LEVELS, PAIR[1]: LEVELS + 1}
    random = np.random.default_rng(1)
    for number in range(2, 12):
        images[f"dark/{number:02}"] = random.integers(0, 2500, LEVELS.shape)
    for number in range(12):
        images[f"bright/{number:02}"] = random.integers(1500, 4096, LEVELS.shape)
    for name, levels in images.items():
        file = tmp_path / "images" / f"{name}{ending}"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(write(np.asarray(levels, np.uint16)))
    return tmp_path / "images"


class Way:
    """From the files to prepared images and the network that is to see them, as a run does it."""

    def __init__(self, folder: Path, kind: str, network: str, mode: str, method: str) -> None:
        catalog = scan(open_sources(folder), DataSettings(), cache=folder.parent / "scan", copies=False)
        a, b = (catalog.named((name + ENDINGS[kind], -1))[0] for name in PAIR)
        assert (a.content != b.content, b.mean - a.mean) == (True, pytest.approx(1))
        assert (a.units, a.bits) == (KINDS[kind][1], b.bits)
        places = [catalog.images.index(image) for image in (a, b)]
        known = spec(network)
        fmt = choose_format(catalog.images, SIDE, known.minimum_size)
        with ImageStore.open(folder.parent / "pixels", catalog.sources, catalog.images, fmt) as store:
            assert store.fill(workers=1)
            self.pair = store.read(places)
            self.scaling = fit_scaling(ScalingSettings(method=method), fmt, store.blocks(range(len(store))))
        assert (np.diff(self.pair.astype(np.float64), axis=0) == 1).all()
        self.network = assemble(known, fmt, self.scaling, 2, mode)
        self.arrays = initial_arrays(self.network, known, mode, seed=0)

    @property
    def level(self) -> float:
        """What one level becomes before the first layer that learns."""
        native = [layer.scale[0] for layer in self.network.layers if layer.name == "native_range"]
        return float(self.scaling.scale[0]) * (native[0] if native else 1.0)

    def before_learning(self) -> Network:
        """The network's own first layers, up to the first with weights."""
        learnt = {name.partition("/")[0] for name in self.network.array_shapes}
        names = [layer.name for layer in self.network.layers]
        first = next(layer for layer in self.network.layers if layer.name in learnt)
        return self.network.until(names[names.index(first.name) - 1])


def values_in(graph: bytes, images: np.ndarray, output: str | None = None) -> np.ndarray:
    session = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])
    return np.asarray(session.run([output] if output else None, {"image": images.astype(np.float32)})[0])


def assert_one_level(seen: np.ndarray, level: float) -> None:
    """The two images differ by one level in every value; clipping at the ends touches none of them."""
    difference = np.diff(seen.astype(np.float64), axis=0) / level
    assert difference == pytest.approx(1, abs=0.02)


def test_the_feature_extractor_sees_it(folder, kind):
    way = Way(folder, kind, "efficientnet_lite0", "features", "auto")
    before = way.before_learning()
    assert_one_level(values_in(build_onnx(before, way.arrays), way.pair), way.level)
    if kind == "dicom":
        features = values_in(build_onnx(way.network.until(FEATURES), way.arrays), way.pair)
        assert np.abs(np.diff(features, axis=0)).max() > 1e-6


@pytest.mark.slow
def test_the_exported_graph_is_given_it(folder, kind, tmp_path):
    run = make_run(tmp_path / "run", folder)
    export_run(run, ["onnx"], tmp_path / "out")
    model = onnx.load(tmp_path / "out" / "onnx" / "model.onnx")
    seen = next(node.input[0] for node in model.graph.node if node.op_type == "Conv")
    model.graph.output.append(onnx.helper.make_empty_tensor_value_info(seen))
    images = np.stack([np.asarray(LEVELS, np.float32), LEVELS + np.float32(1)])[:, ::2, ::2, None]
    values = values_in(model.SerializeToString(), images, seen)
    steps = np.diff(values.astype(np.float64), axis=0)
    assert steps.min() > 0
    assert steps == pytest.approx(float(np.median(steps)), rel=0.02)


@pytest.mark.slow
def test_a_network_in_training_sees_it(folder, kind):
    from counterpoise.core.models.keras_builder import build_keras

    way = Way(folder, kind, "small_cnn", "scratch", "auto")
    network = way.before_learning()
    for precision in ("float32", "mixed_bfloat16", "mixed_float16"):
        model = build_keras(network, {}, precision=precision, fine_input=True)
        assert_one_level(np.asarray(model(way.pair.astype(np.float32))), way.level)
