"""A network as a value: its input, its layers in order, and the shapes that follow from them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from math import ceil, prod

import numpy as np
from numpy.typing import NDArray

from counterpoise.core.models import layers as kinds
from counterpoise.core.models.layers import INPUT, Layer

Arrays = Mapping[str, NDArray[np.float32]]
"""Weights by ``layer/role``, such as ``head/kernel``, laid out as Keras lays them out."""

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Network:
    """Layers in an order in which each finds its inputs before it; the last one is the output."""

    shape: tuple[int, int, int]
    """Height, width, channels of the raw image."""
    layers: tuple[Layer, ...]

    @property
    def output(self) -> str:
        return self.layers[-1].name

    def until(self, name: str) -> "Network":
        """Return the network that ends with the layer ``name``; raises KeyError where there is none."""
        for index, layer in enumerate(self.layers):
            if layer.name == name:
                return Network(self.shape, self.layers[: index + 1])
        raise KeyError(name)

    def inference(self) -> "Network":
        """Return the network without the layers that only training uses."""
        replaced: dict[str, str] = {}
        kept: list[Layer] = []
        for layer in self.layers:
            inputs = tuple(replaced.get(name, name) for name in layer.inputs)
            if isinstance(layer, kinds.Dropout):
                replaced[layer.name] = inputs[0]
            else:
                kept.append(replace(layer, inputs=inputs))
        return Network(self.shape, tuple(kept))

    @cached_property
    def shapes(self) -> dict[str, Shape]:
        """Shape of every layer's output for one image, the input included."""
        shapes: dict[str, Shape] = {INPUT: self.shape}
        for layer in self.layers:
            shapes[layer.name] = output_shape(layer, shapes[layer.inputs[0]])
        return shapes

    @cached_property
    def array_shapes(self) -> dict[str, Shape]:
        """Shape of every weight, by ``layer/role``."""
        return {
            f"{layer.name}/{role}": shape
            for layer in self.layers
            for role, shape in roles(layer, self.shapes[layer.inputs[0]]).items()
        }

    @property
    def parameters(self) -> int:
        """Number of weights, the statistics of batch norm included."""
        return sum(prod(shape) for shape in self.array_shapes.values())

    @property
    def activations(self) -> int:
        """Values that one image leaves behind in a training step: the sum of all layers' outputs."""
        return sum(prod(shape) for shape in self.shapes.values())


def output_shape(layer: Layer, given: Shape) -> Shape:
    """Return the shape of a layer's output for one image."""
    match layer:
        case kinds.Repeat():
            return (*given[:2], layer.channels)
        case kinds.Conv():
            return (*_same(given, layer.stride), layer.filters)
        case kinds.Depthwise():
            return (*_same(given, layer.stride), given[2])
        case kinds.MaxPool():
            return (given[0] // layer.size, given[1] // layer.size, given[2])
        case kinds.GlobalPool():
            return given[2:]
        case kinds.Flatten():
            return (prod(given),)
        case kinds.Dense():
            return (layer.units,)
        case _:
            return given


def roles(layer: Layer, given: Shape) -> dict[str, Shape]:
    """Return the shapes of a layer's own weights by role, in Keras' order."""
    match layer:
        case kinds.Conv():
            kernel: dict[str, Shape] = {"kernel": (layer.kernel, layer.kernel, given[2], layer.filters)}
            return {**kernel, "bias": (layer.filters,)} if layer.bias else kernel
        case kinds.Depthwise():
            return {"kernel": (layer.kernel, layer.kernel, given[2], 1)}
        case kinds.BatchNorm():
            return dict.fromkeys(("gamma", "beta", "mean", "variance"), given[-1:])
        case kinds.Dense():
            return {"kernel": (given[0], layer.units), "bias": (layer.units,)}
        case _:
            return {}


def _same(given: Shape, stride: int) -> tuple[int, int]:
    return ceil(given[0] / stride), ceil(given[1] / stride)
