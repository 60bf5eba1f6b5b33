"""One network as data, built for Keras, for ONNX and as a file: the same numbers everywhere."""

from io import BytesIO
from itertools import product

import keras
import numpy as np
import pytest

from counterpoise.core.models import layers as kinds
from counterpoise.core.models.arrays import initial_arrays, random_arrays, with_head, with_prior
from counterpoise.core.models.assemble import FEATURES, HEAD, assemble
from counterpoise.core.models.keras_builder import build_keras, read_arrays
from counterpoise.core.models.keras_file import KERAS_VERSION, keras_bytes, model_config
from counterpoise.core.models.keras_layers import ALLOWED
from counterpoise.core.models.network import Network
from counterpoise.core.models.onnx_builder import build_onnx
from counterpoise.core.models.registry import spec
from counterpoise.core.models.session import runner
from counterpoise.core.pixels.format import PixelFormat
from counterpoise.core.pixels.scaling import FittedScaling

SCALINGS = {
    "minmax": FittedScaling(method="minmax", offset=(3.0,), scale=(1 / 250,)),
    "percentile": FittedScaling(method="percentile", offset=(20.0,), scale=(1 / 200,), clip=(0, 1)),
    "zscore": FittedScaling(method="zscore", offset=(120.0,), scale=(1 / 60,)),
    "image_zscore": FittedScaling(method="image_zscore", offset=(120.0,), scale=(1 / 60,), per_image=True),
    "none": FittedScaling(method="none", offset=(0.0,), scale=(1.0,)),
}
GREY = PixelFormat(size=(33, 48), channels=1, units="uint8")
COLOUR = PixelFormat(size=(48, 33), channels=3, units="uint8")


def images(fmt, count=3):
    return np.random.default_rng(5).integers(0, 256, (count, *fmt.shape), np.uint8)


def lively(network, seed=0):
    """Random weights whose batch norms do something, so that a wrong folding shows."""
    random = np.random.default_rng(seed)
    arrays = random_arrays(network, seed)
    for key, value in arrays.items():
        if key.rpartition("/")[2] in ("gamma", "variance"):
            arrays[key] = random.uniform(0.5, 1.5, value.shape).astype(np.float32)
        elif not key.endswith("kernel"):
            arrays[key] = random.normal(0, 0.1, value.shape).astype(np.float32)
    return arrays


def by_keras(network, arrays, raw):
    return build_keras(network, arrays).predict(raw.astype(np.float32), verbose=0)


@pytest.mark.parametrize(("method", "fmt"), [*product(SCALINGS, (GREY, COLOUR))])
def test_keras_and_onnx_scale_alike_and_as_the_formula(method, fmt):
    """The scaling inside the graph is FittedScaling.apply, followed by the fixed affine map."""
    chosen, scaling = spec("efficientnet_lite0"), SCALINGS[method]
    whole = assemble(chosen, fmt, scaling, 2, "features")
    before = next(layer.inputs[0] for layer in whole.layers if layer.name == "stem")
    network, raw = whole.until(before), images(fmt)
    scale, offset = chosen.native_affine(method, fmt.units)
    expected = scaling.apply(raw) * np.float32(scale) + np.float32(offset)
    expected = np.repeat(expected, 3 // fmt.channels, axis=-1)
    np.testing.assert_allclose(runner(build_onnx(network, {}))(raw), expected, atol=2e-6)
    np.testing.assert_allclose(by_keras(network, {}, raw), expected, atol=2e-6)


@pytest.mark.parametrize("name", ["small_cnn", "efficientnet_lite0"])
@pytest.mark.parametrize("fmt", [GREY, COLOUR], ids=["grey", "colour"])
def test_whole_networks_agree_at_odd_sizes(name, fmt):
    """Odd sides make TensorFlow's 'same' padding uneven."""
    network = assemble(spec(name), fmt, SCALINGS["minmax"], 3, "scratch")
    arrays, raw = lively(network), images(fmt)
    received = runner(build_onnx(network, arrays))(raw)
    np.testing.assert_allclose(received, by_keras(network, arrays, raw), atol=2e-6)
    assert received.shape == (3, 3)


def test_values_far_from_zero_keep_their_digits():
    """Hounsfield-like values near 1e6 with a narrow range: the offset is taken off before the scale."""
    fmt = PixelFormat(size=(8, 8), channels=1, units="dicom")
    scaling = FittedScaling(method="minmax", offset=(1e6,), scale=(0.1,))
    network = Network(fmt.shape, assemble(spec("small_cnn"), fmt, scaling, 2, "scratch").layers[:2])
    raw = (1e6 + np.linspace(0, 10, 64).reshape(1, 8, 8, 1)).astype(np.float32)
    expected = (raw.astype(np.float64) - 1e6) * 0.1
    np.testing.assert_allclose(runner(build_onnx(network, {}))(raw), expected, atol=1e-6)
    np.testing.assert_allclose(by_keras(network, {}, raw), expected, atol=1e-6)


@pytest.mark.parametrize("name", ["small_cnn", "efficientnet_lite0"])
def test_the_file_written_without_keras_is_the_model(name, tmp_path):
    network = assemble(spec(name), GREY, SCALINGS["image_zscore"], 2, "scratch", dropout=0.2)
    arrays, path = lively(network), tmp_path / "model.keras"
    path.write_bytes(keras_bytes(network, arrays))
    loaded = keras.saving.load_model(path, safe_mode=True)
    raw = images(GREY)
    expected = by_keras(network.inference(), arrays, raw)
    np.testing.assert_array_equal(loaded.predict(raw.astype(np.float32), verbose=0), expected)
    kept = read_arrays(loaded, network.inference())
    assert all(np.array_equal(kept[key], value) for key, value in arrays.items())
    assert keras.__version__ == KERAS_VERSION
    assert keras_bytes(network, arrays) == path.read_bytes()  # the same weights, the same bytes


@pytest.mark.parametrize("name", ["small_cnn", "efficientnet_lite0"])
def test_a_file_holds_allowed_classes_alone(name):
    network = assemble(spec(name), GREY, SCALINGS["image_zscore"], 2, "finetune")
    entries = model_config(network)["config"]["layers"]
    assert {entry["class_name"] for entry in entries} <= ALLOWED
    assert not any(entry["name"].startswith("_") for entry in entries)  # LiteRT refuses these


def test_prior_correction_is_a_division():
    network = assemble(spec("small_cnn"), GREY, SCALINGS["minmax"], 3, "scratch")
    arrays, raw = lively(network), images(GREY)
    divisors = np.array([1.0, 4.0, 0.5])
    before = runner(build_onnx(network, arrays))(raw).astype(np.float64)
    expected = (before / divisors) / (before / divisors).sum(axis=1, keepdims=True)
    received = runner(build_onnx(network, with_prior(arrays, divisors)))(raw)
    np.testing.assert_allclose(received, expected, atol=1e-6)


def test_features_and_a_head_are_the_whole():
    chosen = spec("efficientnet_lite0")
    fmt = PixelFormat(size=(64, 64), channels=1, units="uint8")
    network = assemble(chosen, fmt, SCALINGS["minmax"], 2, "features", dropout=0.1)
    kernel, bias = np.random.default_rng(0).normal(0, 0.1, (1280, 2)), np.array([0.1, -0.3])
    arrays = with_head(initial_arrays(network, chosen, "features"), kernel, bias)
    raw = images(fmt, 20)
    features = runner(build_onnx(network.until(FEATURES), arrays))(raw)
    assert features.shape == (20, chosen.feature_width)
    logits = runner(build_onnx(network.until(HEAD), arrays))(raw)
    np.testing.assert_allclose(logits, features @ kernel + bias, atol=1e-4)
    assert network.until(FEATURES).parameters == chosen.parameters


def test_frozen_batch_norm_ignores_the_batch():
    """A batch may be split without changing the mathematics."""
    network = assemble(spec("efficientnet_lite0"), COLOUR, SCALINGS["minmax"], 2, "finetune")
    arrays = lively(network)
    model = build_keras(
        network.until(HEAD), arrays, trainable=lambda layer: not isinstance(layer, kinds.BatchNorm)
    )
    raw = images(COLOUR, 4).astype(np.float32)
    whole = np.asarray(model(raw, training=True))
    parts = np.concatenate([np.asarray(model(part, training=True)) for part in (raw[:1], raw[1:])])
    np.testing.assert_allclose(whole, parts, atol=1e-5)
    back = read_arrays(model, network)
    assert all(
        np.array_equal(back[key], arrays[key]) for key in arrays if key.endswith(("/mean", "/variance"))
    )


def test_half_precision_leaves_scaling_and_softmax_whole():
    network = assemble(spec("small_cnn"), GREY, SCALINGS["minmax"], 2, "scratch")
    model = build_keras(network, lively(network), precision="mixed_bfloat16")
    assert model.get_layer("conv1").compute_dtype == "bfloat16"
    assert (
        model.get_layer("scaling").compute_dtype
        == model.get_layer("probabilities").compute_dtype
        == "float32"
    )
    assert model.get_layer("conv1").variable_dtype == "float32"


def test_deep_images_reach_the_first_weights_in_float32():
    network = assemble(spec("small_cnn"), GREY, SCALINGS["percentile"], 2, "scratch")
    model = build_keras(network, lively(network), precision="mixed_bfloat16", fine_input=True)
    kinds_of = {layer.name: layer.compute_dtype for layer in model.layers[1:]}
    assert kinds_of["scaling_clip"] == kinds_of["conv1"] == "float32"
    assert kinds_of["conv2"] == "bfloat16"


def test_what_training_alone_uses_is_in_no_file():
    network = assemble(spec("small_cnn"), GREY, SCALINGS["minmax"], 2, "scratch", dropout=0.5)
    assert any(isinstance(layer, kinds.Dropout) for layer in network.layers)
    text = str(model_config(network.inference()))
    assert "Dropout" not in text
    assert BytesIO(keras_bytes(network, lively(network))).getbuffer().nbytes > 0
    assert b"dropout" not in build_onnx(network, lively(network))
