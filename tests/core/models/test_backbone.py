"""The conversion of the ImageNet weights, proven on a picture with known logits (onnxruntime and Keras)."""

import numpy as np
import pytest
from PIL import Image
from sklearn.datasets import load_sample_image

from counterpoise.core.models.arrays import initial_arrays, with_head
from counterpoise.core.models.assemble import HEAD, assemble
from counterpoise.core.models.network import Network
from counterpoise.core.models.onnx_builder import build_onnx
from counterpoise.core.models.registry import spec
from counterpoise.core.models.session import runner
from counterpoise.core.pixels.format import PixelFormat
from counterpoise.core.pixels.scaling import FittedScaling

TOP = [442, 449, 663, 698, 483]
LOGITS = [7.777, 7.075, 6.736, 6.720, 6.719]


@pytest.fixture(scope="module")
def imagenet():
    """The whole network with ImageNet's own head."""
    chosen = spec("efficientnet_lite0")
    fmt = PixelFormat(size=(224, 224), channels=3, units="uint8")
    raw = FittedScaling(method="none", offset=(0.0,), scale=(1.0,), clip=None, per_image=False)
    network = assemble(chosen, fmt, raw, 1000, "features")
    known = chosen.weights(None)
    arrays = initial_arrays(network, chosen, "features")
    return network.until(HEAD), with_head(arrays, known["classifier/kernel"], known["classifier/bias"])


@pytest.fixture(scope="module")
def china():
    picture = Image.fromarray(load_sample_image("china.jpg")).resize((224, 224), Image.Resampling.BICUBIC)
    return np.asarray(picture)[None]


def top_five(logits):
    order = np.argsort(-logits)[:5]
    return list(order), logits[order]


def test_onnx_gives_the_known_logits(imagenet, china):
    classes, logits = top_five(runner(build_onnx(*imagenet))(china)[0])
    assert classes == TOP
    np.testing.assert_allclose(logits, LOGITS, atol=1e-3)


def test_keras_gives_the_known_logits(imagenet, china):
    from counterpoise.core.models.keras_builder import build_keras, read_arrays

    network, arrays = imagenet
    model = build_keras(network, arrays)
    classes, logits = top_five(model.predict(china.astype(np.float32), verbose=0)[0])
    assert classes == TOP
    np.testing.assert_allclose(logits, LOGITS, atol=1e-3)
    back = read_arrays(model, network)
    assert all(np.array_equal(back[key], value) for key, value in arrays.items())


def test_size_is_that_of_the_paper(imagenet):
    network: Network = imagenet[0]
    assert network.parameters - 2 * _norm_channels(network) == 4_652_008  # trainable, as published


def _norm_channels(network):
    return sum(shape[0] for key, shape in network.array_shapes.items() if key.endswith("/mean"))
