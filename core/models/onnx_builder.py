"""Networks as ONNX graphs, written straight from the weights: no tracing, no TensorFlow.

Batch norm is folded into the convolution before it. Images enter as height, width, channels and are
turned once; what lies before that turn (the scaling) works on the raw order.
"""

from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from counterpoise.core.models import layers as kinds
from counterpoise.core.models.layers import INPUT, Layer
from counterpoise.core.models.network import Arrays, Network

STATISTICS = ("gamma", "beta", "mean", "variance")
OPERATORS = frozenset(
    {
        "Add", "BatchNormalization", "Clip", "Concat", "Conv", "Div", "Flatten", "Gemm", "GlobalAveragePool",
        "Identity", "MaxPool", "Mul", "ReduceMean", "Relu", "Softmax", "Sqrt", "Sub", "Transpose",
    }
)  # fmt: skip
"""All that is written here: a graph with any other operation isn't ours and is not run."""
OPSET, IR_VERSION = 17, 8
"""Read by every onnxruntime since 1.12, and with all that is needed here."""


def build_onnx(network: Network, arrays: Arrays) -> bytes:
    """Return the graph: input ``image`` [batch, h, w, c], output named after the last layer, both float32."""
    network = network.inference()
    writer = _Writer(network, arrays)
    for layer in network.layers:
        writer.write(layer)
    result = writer.plain(network.output)
    writer.nodes.append(helper.make_node("Identity", [result], [network.output]))
    ends = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", *network.shapes[name]])
        for name in (INPUT, network.output)
    ]
    graph = helper.make_graph(writer.nodes, "counterpoise", ends[:1], ends[1:], writer.constants)
    opset = [helper.make_operatorsetid("", OPSET)]
    model = helper.make_model(graph, opset_imports=opset, ir_version=IR_VERSION, producer_name="counterpoise")
    onnx.checker.check_model(model)
    written: bytes = model.SerializeToString()
    return written


class _Writer:
    """Writes layer after layer; remembers for each which value holds it, and in which order of axes."""

    def __init__(self, network: Network, arrays: Arrays) -> None:
        self.shapes, self.arrays = network.shapes, arrays
        self.nodes: list[Any] = []
        self.constants: list[Any] = []
        self.values: dict[str, str] = {INPUT: INPUT}
        self.turned: set[str] = set()
        """Layers whose value is in the order channels, height, width."""
        self.norms = _folded(network)

    def write(self, layer: Layer) -> None:
        given = layer.inputs[0]
        match layer:
            case kinds.BatchNorm() if layer in self.norms.values():
                self.values[layer.name] = self.values[given]
                self.turned.add(layer.name)
            case kinds.BatchNorm():
                args = [self.constant(f"{layer.name}/{role}") for role in STATISTICS]
                self.add(
                    layer, "BatchNormalization", [self.channels_first(given), *args], epsilon=layer.epsilon
                )
                self.turned.add(layer.name)
            case kinds.Conv() | kinds.Depthwise():
                self.convolution(layer)
            case kinds.MaxPool():
                side = [layer.size] * 2
                self.add(layer, "MaxPool", [self.channels_first(given)], kernel_shape=side, strides=side)
                self.turned.add(layer.name)
            case kinds.GlobalPool():
                pooled = self.node("GlobalAveragePool", [self.channels_first(given)], f"{layer.name}_mean")
                self.add(layer, "Flatten", [pooled], axis=1)
            case kinds.Add():
                self.add(layer, "Add", [self.channels_first(name) for name in layer.inputs])
                self.turned.add(layer.name)
            case kinds.Clip():
                self.clip(layer)
            case _:
                self.unturned(layer, self.plain(given))

    def unturned(self, layer: Layer, value: str) -> None:
        """Write what works on the raw order of axes, or without spatial axes."""
        match layer:
            case kinds.Affine():
                value = self.elementwise(layer.name, "Mul", value, layer.scale, 1.0)
                self.values[layer.name] = self.elementwise(layer.name, "Add", value, layer.offset, 0.0)
            case kinds.ImageNorm():
                self.image_norm(layer, value)
            case kinds.Repeat():
                self.add(layer, "Concat", [value] * layer.channels, axis=-1)
            case kinds.Flatten():
                self.add(layer, "Flatten", [value], axis=1)
            case kinds.Dense():
                kernel, bias = (self.constant(f"{layer.name}/{role}") for role in ("kernel", "bias"))
                self.add(layer, "Gemm", [value, kernel, bias])
            case kinds.Softmax():
                self.add(layer, "Softmax", [value], axis=-1)
            case _:
                raise TypeError(f"expected a layer of counterpoise.core.models.layers, received {layer!r}")

    def convolution(self, layer: kinds.Conv | kinds.Depthwise) -> None:
        kernel = self.arrays[f"{layer.name}/kernel"]
        groups = 1
        if isinstance(layer, kinds.Depthwise):
            kernel, groups = kernel.transpose(2, 3, 0, 1), kernel.shape[2]
        else:
            kernel = kernel.transpose(3, 2, 0, 1)
        bias = self.arrays.get(f"{layer.name}/bias")
        if layer.name in self.norms:
            kernel, bias = self.fold(self.norms[layer.name], kernel, bias)
        args = [self.channels_first(layer.inputs[0]), self.tensor(f"{layer.name}/kernel", kernel)]
        if bias is not None:
            args.append(self.tensor(f"{layer.name}/bias", bias))
        pads = _same_pads(self.shapes[layer.inputs[0]][:2], layer.kernel, layer.stride)
        self.add(
            layer,
            "Conv",
            args,
            kernel_shape=[layer.kernel] * 2,
            strides=[layer.stride] * 2,
            pads=pads,
            group=groups,
        )
        self.turned.add(layer.name)

    def fold(
        self, norm: kinds.BatchNorm, kernel: NDArray[np.float32], bias: NDArray[np.float32] | None
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return kernel and bias of gamma (conv(x) + bias - mean) / sqrt(variance + epsilon) + beta."""
        gamma, beta, mean, variance = (
            np.asarray(self.arrays[f"{norm.name}/{role}"], np.float64) for role in STATISTICS
        )
        factor = gamma / np.sqrt(variance + norm.epsilon)
        shift = beta + ((0 if bias is None else bias) - mean) * factor
        return (kernel * factor[:, None, None, None]).astype(np.float32), shift.astype(np.float32)

    def clip(self, layer: kinds.Clip) -> None:
        given = layer.inputs[0]
        if layer.limit is None:
            self.add(layer, "Relu", [self.values[given]])
        else:
            bounds = [self.number("zero", 0.0), self.number(f"limit_{layer.limit:g}", layer.limit)]
            self.add(layer, "Clip", [self.values[given], *bounds])
        if given in self.turned:
            self.turned.add(layer.name)

    def image_norm(self, layer: kinds.ImageNorm, value: str) -> None:
        name = layer.name
        mean = self.node("ReduceMean", [value], f"{name}_mean", axes=[1, 2, 3])
        centred = self.node("Sub", [value, mean], f"{name}_centred")
        square = self.node("Mul", [centred, centred], f"{name}_square")
        variance = self.node("ReduceMean", [square], f"{name}_variance", axes=[1, 2, 3])
        stable = self.node("Add", [variance, self.number(f"{name}_epsilon", layer.epsilon)], f"{name}_stable")
        deviation = self.node("Sqrt", [stable], f"{name}_deviation")
        self.add(layer, "Div", [centred, deviation])

    def elementwise(self, name: str, op: str, value: str, by: tuple[float, ...], neutral: float) -> str:
        if all(number == neutral for number in by):
            return value
        return self.node(op, [value, self.tensor(f"{name}/{op}", np.asarray(by, np.float32))], f"{name}_{op}")

    def channels_first(self, name: str) -> str:
        """Return the value of a layer in the order channels, height, width."""
        if name in self.turned:
            return self.values[name]
        self.values[name] = self.node("Transpose", [self.values[name]], f"{name}_chw", perm=[0, 3, 1, 2])
        self.turned.add(name)
        return self.values[name]

    def plain(self, name: str) -> str:
        """Return the value of a layer in the raw order, as Keras has it."""
        if name not in self.turned:
            return self.values[name]
        return self.node("Transpose", [self.values[name]], f"{name}_hwc", perm=[0, 2, 3, 1])

    def add(self, layer: Layer, op: str, inputs: list[str], **attributes: Any) -> None:
        self.values[layer.name] = self.node(op, inputs, f"{layer.name}_out", **attributes)

    def node(self, op: str, inputs: list[str], output: str, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(op, inputs, [output], name=output, **attributes))
        return output

    def constant(self, key: str) -> str:
        return self.tensor(key, self.arrays[key])

    def number(self, name: str, value: float) -> str:
        if any(tensor.name == name for tensor in self.constants):
            return name
        return self.tensor(name, np.asarray(value, np.float32))

    def tensor(self, name: str, values: NDArray[np.float32]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values, np.float32), name))
        return name


def _folded(network: Network) -> dict[str, kinds.BatchNorm]:
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


def _same_pads(given: tuple[int, ...], kernel: int, stride: int) -> list[int]:
    """Return TensorFlow's ``same`` padding as top, left, bottom, right; an odd rest goes last."""
    totals = [max((-(-side // stride) - 1) * stride + kernel - side, 0) for side in given]
    return [total // 2 for total in totals] + [total - total // 2 for total in totals]
