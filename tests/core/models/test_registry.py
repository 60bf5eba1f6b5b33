"""What is known of every network, and the fixed maps to a pretrained range."""

import pickle
from pathlib import Path

import numpy as np
import pytest

from counterpoise.core.errors import CounterpoiseError, UsageError
from counterpoise.core.models.arrays import initial_arrays, random_arrays
from counterpoise.core.models.assemble import FEATURES, assemble
from counterpoise.core.models.pth import read_pth
from counterpoise.core.models.registry import model_names, spec
from counterpoise.core.pixels.format import PixelFormat
from counterpoise.core.pixels.scaling import FittedScaling

RAW = FittedScaling(method="none", offset=(0.0,) * 3, scale=(1.0,) * 3)


def network_of(name, side, mode="scratch"):
    fmt = PixelFormat(size=(side, side), channels=3, units="uint8")
    return assemble(spec(name), fmt, RAW, 2, mode)


@pytest.mark.parametrize("name", model_names())
def test_the_entry_says_the_truth(name):
    chosen = spec(name)
    network = network_of(name, 96)
    assert network.shapes[FEATURES] == (chosen.feature_width,)
    assert network.until(FEATURES).parameters == chosen.parameters
    assert chosen.batch_statistics == any(key.endswith("/variance") for key in network.array_shapes)
    assert min(network_of(name, chosen.minimum_size).shapes[FEATURES]) > 0
    assert not any(layer.name.startswith("_") for layer in network.layers)
    assert len({layer.name for layer in network.layers}) == len(network.layers)


def test_an_unknown_name_gets_the_nearest():
    with pytest.raises(UsageError, match="Did you mean 'efficientnet_lite0'"):
        spec("efficientnet")


@pytest.mark.parametrize(
    ("method", "units", "low", "high", "expected"),
    [
        ("minmax", "uint8", 0, 1, (-127 / 128, 1)),
        ("percentile", "dicom", 0, 1, (-127 / 128, 1)),
        ("window", "float", 0, 1, (-127 / 128, 1)),
        ("none", "uint8", 0, 255, (-127 / 128, 1)),
        ("none", "uint16", 0, 65535, (-127 / 128, 1)),
        ("none", "dicom", -1024, 3071, (-127 / 128, 1)),
        ("none", "float", -2, 2, (-2, 2)),
        ("zscore", "uint8", -2, 2, (-1, 1)),
        ("image_zscore", "uint16", -2, 2, (-1, 1)),
    ],
)
def test_every_scaling_reaches_the_native_range(method, units, low, high, expected):
    scale, offset = spec("efficientnet_lite0").native_affine(method, units)
    np.testing.assert_allclose((low * scale + offset, high * scale + offset), expected)
    assert spec("small_cnn").native_affine(method, units) == (1, 0)


def test_scratch_takes_no_pretrained_range_and_uses_no_weights():
    assert "native_range" in network_of("efficientnet_lite0", 64, "finetune").shapes
    network = network_of("efficientnet_lite0", 64)
    assert "native_range" not in network.shapes
    given = initial_arrays(network, spec("efficientnet_lite0"), "scratch", weights=Path("some.pth"))
    drawn = random_arrays(network, 0)
    assert all(np.array_equal(given[key], drawn[key]) for key in drawn)


def test_the_same_seed_gives_the_same_weights():
    network = network_of("small_cnn", 32)
    first, again, other = (random_arrays(network, seed) for seed in (1, 1, 2))
    assert all(np.array_equal(first[key], again[key]) for key in first)
    assert not np.array_equal(first["conv1/kernel"], other["conv1/kernel"])


def test_a_weights_file_that_is_none_is_refused(tmp_path):
    for name, content in (("empty", b""), ("text", b"hello there"), ("zip", b"PK\x03\x04" + bytes(50))):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(CounterpoiseError, match=f"The weights file {name} can't be used"):
            read_pth(tmp_path / name)
    with pytest.raises(CounterpoiseError, match="No such file"):
        read_pth(tmp_path / "missing.pth")


def test_a_weights_file_runs_no_code(tmp_path):
    class Evil:
        def __reduce__(self):
            return Path.touch, (tmp_path / "touched",)

    (tmp_path / "evil.pth").write_bytes(pickle.dumps(Evil()))
    with pytest.raises(CounterpoiseError, match="it asks for"):
        read_pth(tmp_path / "evil.pth")
    assert not (tmp_path / "touched").exists()
