import numpy as np
import pytest

from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.models.arrays import initial_arrays
from counterpoise.core.models.assemble import FEATURES, assemble
from counterpoise.core.models.onnx_builder import build_onnx
from counterpoise.core.models.registry import spec
from counterpoise.core.models.session import runner
from counterpoise.core.pixels.format import PixelFormat
from counterpoise.core.pixels.scaling import FittedScaling
from counterpoise.core.training.device import device_memory


def test_memory_is_that_of_process_and_host():
    memory = device_memory("cpu")
    assert 10**7 < memory["memory_used"] < memory["memory_total"]


def test_a_gpu_that_is_not_there_is_one_sentence():
    tf = pytest.importorskip("tensorflow")
    from counterpoise.core.training.network.tensorflow_device import prepare_device

    if tf.config.list_physical_devices("GPU"):
        pytest.skip("this computer has a GPU")
    with pytest.raises(CounterpoiseError, match="doctor"):
        prepare_device("gpu")
    assert prepare_device("cpu") is tf
    assert prepare_device("cpu") is tf


def test_the_way_of_the_gpu_gives_the_features_of_the_cpu():
    """Run on the CPU here: the code is the same, the device isn't."""
    pytest.importorskip("tensorflow")
    from counterpoise.core.training.features.embed_gpu import embed_on_gpu

    known = spec("efficientnet_lite0")
    fmt = PixelFormat(size=(32, 32), channels=1, units="uint8")
    scaling = FittedScaling(method="minmax", offset=(0.0,), scale=(1 / 255,))
    network = assemble(known, fmt, scaling, 2, "features").until(FEATURES)
    arrays = initial_arrays(network, known, "features")
    images = np.random.default_rng(0).integers(0, 256, (5, 32, 32, 1)).astype(np.uint8)
    given = embed_on_gpu(network, arrays, device="cpu")(images)
    assert np.abs(given - runner(build_onnx(network, arrays))(images)).max() < 1e-3
