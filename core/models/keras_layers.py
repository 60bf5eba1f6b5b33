"""How each kind of layer is called in Keras and with which configuration: built-in layers only.

The same table serves the builder of live models and the writer of ``model.keras``.
"""

from typing import Any

from counterpoise.core.models import layers as kinds
from counterpoise.core.models.layers import Layer

ALLOWED = frozenset(
    {
        "Functional", "InputLayer", "Rescaling", "ReLU", "LayerNormalization", "Concatenate", "Conv2D",
        "DepthwiseConv2D", "BatchNormalization", "Add", "MaxPooling2D", "GlobalAveragePooling2D", "Flatten",
        "Dense", "Softmax", "DTypePolicy",
    }
)  # fmt: skip
"""The classes that a model of ours can hold: a file with any other is not opened."""

FLOAT_KINDS = (kinds.Affine, kinds.ImageNorm, kinds.Softmax)
"""Kinds that compute in float32 whatever the precision: raw 16-bit values overflow halves."""


def keras_layer(layer: Layer) -> tuple[str, dict[str, Any]]:
    """Return class name and constructor arguments of a layer."""
    match layer:
        case kinds.Affine():
            return "Rescaling", {"scale": _scalar(layer.scale), "offset": _scalar(layer.offset)}
        case kinds.Clip():
            return "ReLU", {"max_value": layer.limit, "negative_slope": 0.0, "threshold": 0.0}
        case kinds.ImageNorm():
            return "LayerNormalization", {
                "axis": [1, 2, 3], "epsilon": layer.epsilon, "center": False, "scale": False,
            }  # fmt: skip
        case kinds.Repeat():
            return "Concatenate", {"axis": -1}
        case kinds.Conv():
            return "Conv2D", {
                "filters": layer.filters, "kernel_size": [layer.kernel] * 2, "strides": [layer.stride] * 2,
                "padding": "same", "use_bias": layer.bias,
            }  # fmt: skip
        case kinds.Depthwise():
            return "DepthwiseConv2D", {
                "kernel_size": [layer.kernel] * 2, "strides": [layer.stride] * 2,
                "padding": "same", "use_bias": False,
            }  # fmt: skip
        case kinds.BatchNorm():
            return "BatchNormalization", {"epsilon": layer.epsilon, "momentum": 0.9}
        case kinds.Add():
            return "Add", {}
        case kinds.MaxPool():
            return "MaxPooling2D", {"pool_size": [layer.size] * 2, "strides": [layer.size] * 2}
        case kinds.GlobalPool():
            return "GlobalAveragePooling2D", {}
        case kinds.Flatten():
            return "Flatten", {}
        case kinds.Dense():
            return "Dense", {"units": layer.units}
        case kinds.Dropout():
            return "Dropout", {"rate": layer.rate}
        case kinds.Softmax():
            return "Softmax", {"axis": -1}
        case _:
            raise TypeError(f"expected a layer of counterpoise.core.models.layers, received {layer!r}")


def _scalar(values: tuple[float, ...]) -> float | list[float]:
    return values[0] if len(values) == 1 else list(values)
