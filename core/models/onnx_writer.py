"""Layer after layer as ONNX nodes.

Images enter as height, width, channels and are turned to channels, height, width at once, the order in
which onnxruntime computes fastest; every value with three axes is in that order. Batch norm is folded
into the convolution before it.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from onnx import helper, numpy_helper

from counterpoise.core.models import layers as kinds
from counterpoise.core.models.layers import INPUT, Layer
from counterpoise.core.models.network import Arrays, Network

STATISTICS = ("gamma", "beta", "mean", "variance")


class OnnxWriter:
    """Gathers nodes and constants; remembers which value is the output of which layer."""

    def __init__(self, network: Network, arrays: Arrays) -> None:
        self.nodes: list[Any] = []
        self.constants: dict[str, Any] = {}
        self._shapes, self._arrays = network.shapes, arrays
        self._norms = folded_norms(network)
        self._values = {INPUT: self._node("Transpose", [INPUT], "image_chw", perm=[0, 3, 1, 2])}

    def write(self, layer: Layer) -> None:
        """Add the nodes of a layer whose inputs have been written."""
        values = [self._values[name] for name in layer.inputs]
        match layer:
            case kinds.Affine():
                self._values[layer.name] = self._affine(layer, values[0])
            case kinds.Clip():
                self._clip(layer, values[0])
            case kinds.ImageNorm():
                self._image_norm(layer, values[0])
            case kinds.Repeat():
                self._add(layer, "Concat", values * layer.channels, axis=1)
            case kinds.Conv() | kinds.Depthwise():
                self._convolution(layer, values[0])
            case kinds.BatchNorm() if layer in self._norms.values():
                self._values[layer.name] = values[0]
            case kinds.BatchNorm():
                statistics = [self._weight(layer, role) for role in STATISTICS]
                self._add(layer, "BatchNormalization", [*values, *statistics], epsilon=layer.epsilon)
            case kinds.Add():
                self._add(layer, "Add", values)
            case kinds.MaxPool():
                side = [layer.size] * 2
                self._add(layer, "MaxPool", values, kernel_shape=side, strides=side)
            case kinds.GlobalPool():
                pooled = self._node("GlobalAveragePool", values, f"{layer.name}_mean")
                self._add(layer, "Flatten", [pooled], axis=1)
            case kinds.Flatten():
                raw_order = self._node("Transpose", values, f"{layer.name}_hwc", perm=[0, 2, 3, 1])
                self._add(layer, "Flatten", [raw_order], axis=1)
            case kinds.Dense():
                self._add(
                    layer, "Gemm", [*values, self._weight(layer, "kernel"), self._weight(layer, "bias")]
                )
            case kinds.Softmax():
                self._add(layer, "Softmax", values, axis=-1)
            case _:
                raise TypeError(f"expected a layer of counterpoise.core.models.layers, received {layer!r}")

    def finish(self, output: str) -> None:
        """Give the graph's output the name of its layer, and images back their order of axes."""
        if len(self._shapes[output]) == 3:
            self._node("Transpose", [self._values[output]], output, perm=[0, 2, 3, 1])
        else:
            self._node("Identity", [self._values[output]], output)

    def _affine(self, layer: kinds.Affine, value: str) -> str:
        for op, numbers, neutral in (("Mul", layer.scale, 1.0), ("Add", layer.offset, 0.0)):
            if any(number != neutral for number in numbers):
                by = numbers[0] if len(set(numbers)) == 1 else np.reshape(numbers, (-1, 1, 1))
                value = self._node(op, [value, self._tensor(f"{layer.name}/{op}", by)], f"{layer.name}_{op}")
        return value

    def _clip(self, layer: kinds.Clip, value: str) -> None:
        if layer.limit is None:
            self._add(layer, "Relu", [value])
        else:
            bounds = [self._tensor(f"{bound:g}", bound) for bound in (0.0, layer.limit)]
            self._add(layer, "Clip", [value, *bounds])

    def _image_norm(self, layer: kinds.ImageNorm, value: str) -> None:
        name = layer.name
        mean = self._node("ReduceMean", [value], f"{name}_mean", axes=[1, 2, 3])
        centred = self._node("Sub", [value, mean], f"{name}_centred")
        square = self._node("Mul", [centred, centred], f"{name}_square")
        variance = self._node("ReduceMean", [square], f"{name}_variance", axes=[1, 2, 3])
        epsilon = self._tensor(f"{name}_epsilon", layer.epsilon)
        stable = self._node("Add", [variance, epsilon], f"{name}_stable")
        self._add(layer, "Div", [centred, self._node("Sqrt", [stable], f"{name}_deviation")])

    def _convolution(self, layer: kinds.Conv | kinds.Depthwise, value: str) -> None:
        kernel = self._arrays[f"{layer.name}/kernel"]
        depthwise = isinstance(layer, kinds.Depthwise)
        kernel = kernel.transpose(2, 3, 0, 1) if depthwise else kernel.transpose(3, 2, 0, 1)
        bias = self._arrays.get(f"{layer.name}/bias")
        if layer.name in self._norms:
            kernel, bias = self._fold(self._norms[layer.name], kernel, bias)
        inputs = [value, self._tensor(f"{layer.name}/kernel", kernel)]
        if bias is not None:
            inputs.append(self._tensor(f"{layer.name}/bias", bias))
        given = self._shapes[layer.inputs[0]]
        self._add(
            layer,
            "Conv",
            inputs,
            kernel_shape=[layer.kernel] * 2,
            strides=[layer.stride] * 2,
            pads=same_pads(given[:2], layer.kernel, layer.stride),
            group=given[2] if depthwise else 1,
        )

    def _fold(
        self, norm: kinds.BatchNorm, kernel: NDArray[np.float32], bias: NDArray[np.float32] | None
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return kernel and bias of gamma (conv(x) + bias - mean) / sqrt(variance + epsilon) + beta."""
        gamma, beta, mean, variance = (
            self._arrays[f"{norm.name}/{role}"].astype(np.float64) for role in STATISTICS
        )
        factor = gamma / np.sqrt(variance + norm.epsilon)
        shift = beta + ((0 if bias is None else bias) - mean) * factor
        return (kernel * factor[:, None, None, None]).astype(np.float32), shift.astype(np.float32)

    def _add(self, layer: Layer, op: str, inputs: list[str], **attributes: Any) -> None:
        self._values[layer.name] = self._node(op, inputs, f"{layer.name}_out", **attributes)

    def _node(self, op: str, inputs: list[str], output: str, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(op, inputs, [output], name=output, **attributes))
        return output

    def _weight(self, layer: Layer, role: str) -> str:
        key = f"{layer.name}/{role}"
        return self._tensor(key, self._arrays[key])

    def _tensor(self, name: str, values: ArrayLike) -> str:
        # Not ascontiguousarray, which would give a number an axis.
        self.constants[name] = numpy_helper.from_array(np.array(values, np.float32, order="C"), name)
        return name


def folded_norms(network: Network) -> dict[str, kinds.BatchNorm]:
    """Return, by convolution, the batch norm that alone follows it."""
    followers: dict[str, list[Layer]] = {}
    for layer in network.layers:
        for name in layer.inputs:
            followers.setdefault(name, []).append(layer)
    convolutions = [x.name for x in network.layers if isinstance(x, kinds.Conv | kinds.Depthwise)]
    following = {name: followers.get(name, []) for name in convolutions}
    return {
        name: after[0]
        for name, after in following.items()
        if len(after) == 1 and isinstance(after[0], kinds.BatchNorm)
    }


def same_pads(given: tuple[int, ...], kernel: int, stride: int) -> list[int]:
    """Return TensorFlow's ``same`` padding as top, left, bottom, right; an odd rest goes last.

    >>> same_pads((96, 96), 3, 2)
    [0, 0, 1, 1]
    """
    totals = [max((-(-side // stride) - 1) * stride + kernel - side, 0) for side in given]
    return [total // 2 for total in totals] + [total - total // 2 for total in totals]
