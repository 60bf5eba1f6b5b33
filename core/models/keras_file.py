"""``model.keras`` written straight from a network's data, without loading TensorFlow (which takes seconds).

The format of Keras 3: a zip of ``metadata.json``, ``config.json`` (the layers and how they are joined)
and ``model.weights.h5`` (per layer ``layers/<class in snake case>[_n]/vars/<i>``).
"""

import json
import re
import zipfile
from collections import Counter
from io import BytesIO
from typing import Any

import h5py
import numpy as np

from counterpoise.core.models import layers as kinds
from counterpoise.core.models.keras_layers import keras_layer
from counterpoise.core.models.layers import INPUT, Layer
from counterpoise.core.models.network import Arrays, Network, roles

FLOAT32 = {
    "module": "keras", "class_name": "DTypePolicy", "config": {"name": "float32"}, "registered_name": None,
}  # fmt: skip
KERAS_VERSION = "3.15.1"
"""Whose format this is; not looked up, so that the same weights give the same bytes."""
DATE = (2000, 1, 1, 0, 0, 0)
"""A fixed date, so that the same weights give the same bytes."""


def keras_bytes(network: Network, arrays: Arrays) -> bytes:
    """Return a network as a Keras file that ``keras.saving.load_model`` opens in safe mode."""
    network = network.inference()
    metadata = {"keras_version": KERAS_VERSION, "date_saved": "2000-01-01@00:00:00"}
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in (
            ("metadata.json", json.dumps(metadata).encode()),
            ("config.json", json.dumps(model_config(network)).encode()),
            ("model.weights.h5", _weights(network, arrays)),
        ):
            archive.writestr(zipfile.ZipInfo(name, DATE), content)
    return buffer.getvalue()


def model_config(network: Network) -> dict[str, Any]:
    """Return the JSON of ``config.json``."""
    entry = {"batch_shape": [None, *network.shape], "dtype": "float32", "name": INPUT}
    first = _entry("InputLayer", INPUT, entry, [])
    return {
        "module": "keras.src.models.functional",
        "class_name": "Functional",
        "config": {
            "name": "counterpoise",
            "trainable": True,
            "layers": [first, *(_layer(network, layer) for layer in network.layers)],
            "input_layers": [INPUT, 0, 0],
            "output_layers": [network.output, 0, 0],
        },
        "registered_name": "Functional",
        "build_config": {"input_shape": None},
        "compile_config": {},
    }


def _layer(network: Network, layer: Layer) -> dict[str, Any]:
    name, config = keras_layer(layer)
    tensors: list[Any] = [_tensor(network, given) for given in layer.inputs]
    if isinstance(layer, kinds.Repeat):
        tensors *= layer.channels
    if isinstance(layer, kinds.Repeat | kinds.Add):
        tensors = [tensors]
    config = {"name": layer.name, "trainable": True, "dtype": FLOAT32, **config}
    written = _entry(name, layer.name, config, [{"args": tensors, "kwargs": {}}])
    if roles(layer, network.shapes[layer.inputs[0]]):
        written["build_config"] = {"input_shape": [None, *network.shapes[layer.inputs[0]]]}
    return written


def _entry(class_name: str, name: str, config: dict[str, Any], nodes: list[Any]) -> dict[str, Any]:
    return {
        "module": "keras.layers",
        "class_name": class_name,
        "config": config,
        "registered_name": None,
        "name": name,
        "inbound_nodes": nodes,
    }


def _tensor(network: Network, name: str) -> dict[str, Any]:
    config = {"shape": [None, *network.shapes[name]], "dtype": "float32", "keras_history": [name, 0, 0]}
    return {"class_name": "__keras_tensor__", "config": config}


def _weights(network: Network, arrays: Arrays) -> bytes:
    buffer = BytesIO()
    seen: Counter[str] = Counter()
    with h5py.File(buffer, "w") as file:
        for layer in network.layers:
            kind = _snake_case(keras_layer(layer)[0])
            number, seen[kind] = seen[kind], seen[kind] + 1
            group = file.create_group(f"layers/{kind}_{number}/vars" if number else f"layers/{kind}/vars")
            group.attrs["name"] = layer.name
            for index, role in enumerate(roles(layer, network.shapes[layer.inputs[0]])):
                group.create_dataset(str(index), data=np.asarray(arrays[f"{layer.name}/{role}"], np.float32))
    return buffer.getvalue()


def _snake_case(name: str) -> str:
    """Return Keras' own name of a class: ``DepthwiseConv2D`` is ``depthwise_conv2d``."""
    name = re.sub(r"\W+", "", name)
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()
