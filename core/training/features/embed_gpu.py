"""The frozen backbone in TensorFlow, for machines with a GPU. Loads TensorFlow."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from counterpoise.core.models.keras_builder import build_keras
from counterpoise.core.models.network import Arrays, Network
from counterpoise.core.training.features.feature_store import Embed
from counterpoise.core.training.network.tensorflow_device import prepare_device


def embed_on_gpu(network: Network, arrays: Arrays, device: str = "gpu") -> Embed:
    """Return a function from raw images [n, h, w, c] to features [n, width]."""
    prepare_device(device)
    import tensorflow as tf

    model: Any = build_keras(network, arrays, trainable=lambda _: False)
    shape = (None, *network.shape)

    @tf.function(input_signature=[tf.TensorSpec(shape, tf.float32)], jit_compile=False)  # type: ignore[untyped-decorator]  # TensorFlow ships no types
    def features(batch: Any) -> Any:
        return model(batch, training=False)

    def run(images: NDArray[np.generic]) -> NDArray[np.float32]:
        return np.asarray(features(images.astype(np.float32, copy=False)))

    return run
