"""Networks as live Keras models, and their weights back. Imports Keras: only for processes that train."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from counterpoise.core.models import layers as kinds
from counterpoise.core.models.keras_layers import FLOAT_KINDS, keras_layer
from counterpoise.core.models.layers import INPUT, Layer
from counterpoise.core.models.network import Arrays, Network, roles


def build_keras(
    network: Network,
    arrays: Arrays,
    *,
    trainable: Callable[[Layer], bool] = lambda _: True,
    precision: str = "float32",
    fine_input: bool = False,
) -> Any:
    """Return a ``keras.Model`` of a network with its weights.

    ``trainable`` says which layers learn. Batch norm that doesn't is frozen whole: it uses its stored
    statistics even in training, so a batch can be split without changing the mathematics.
    ``precision`` is a Keras dtype policy; scaling and softmax stay in float32. With ``fine_input`` so does
    all up to the first layer with weights: bfloat16 has 8 bits, and images may have more.
    """
    exact = _up_to_first_weights(network) if fine_input else frozenset()
    built: dict[str, Any] = {INPUT: keras.Input(network.shape, name=INPUT, dtype="float32")}
    for layer in network.layers:
        name, config = keras_layer(layer)
        dtype = "float32" if isinstance(layer, FLOAT_KINDS) or layer.name in exact else precision
        made = getattr(keras.layers, name)(**config, name=layer.name, dtype=dtype)
        inputs = [built[given] for given in layer.inputs]
        if isinstance(layer, kinds.Repeat):
            inputs *= layer.channels
        many = isinstance(layer, kinds.Repeat | kinds.Add)
        built[layer.name] = made(inputs if many else inputs[0])
        _set(made, network, layer, arrays)
        made.trainable = trainable(layer)
    return keras.Model(built[INPUT], built[network.output], name="counterpoise")


def _up_to_first_weights(network: Network) -> frozenset[str]:
    names = [layer.name for layer in network.layers]
    weighted = (i for i, layer in enumerate(network.layers) if roles(layer, network.shapes[layer.inputs[0]]))
    return frozenset(names[: next(weighted, len(names)) + 1])


def _set(made: Any, network: Network, layer: Layer, arrays: Arrays) -> None:
    keys = [f"{layer.name}/{role}" for role in roles(layer, network.shapes[layer.inputs[0]])]
    if keys:
        made.set_weights([arrays[key] for key in keys])


def write_arrays(model: Any, network: Network, arrays: Arrays) -> None:
    """Put weights into a model that ``build_keras`` made of ``network``: undo ``read_arrays``."""
    for layer in network.layers:
        _set(model.get_layer(layer.name), network, layer, arrays)


def read_arrays(model: Any, network: Network) -> dict[str, NDArray[np.float32]]:
    """Return the weights of a model that ``build_keras`` made of ``network``, after training."""
    arrays: dict[str, NDArray[np.float32]] = {}
    for layer in network.layers:
        own = tuple(roles(layer, network.shapes[layer.inputs[0]]))
        if own:
            values = model.get_layer(layer.name).get_weights()
            arrays |= {
                f"{layer.name}/{role}": np.asarray(value, np.float32)
                for role, value in zip(own, values, strict=True)
            }
    return arrays
