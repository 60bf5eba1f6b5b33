"""Networks as ONNX graphs, written straight from the weights: no tracing, no TensorFlow."""

import numpy as np
import onnx
from onnx import TensorProto, helper

from counterpoise.core.models.layers import INPUT
from counterpoise.core.models.network import Arrays, Network
from counterpoise.core.models.onnx_writer import OnnxWriter

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
    writer = OnnxWriter(network, {key: np.asarray(value, np.float32) for key, value in arrays.items()})
    for layer in network.layers:
        writer.write(layer)
    writer.finish(network.output)
    ends = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", *network.shapes[name]])
        for name in (INPUT, network.output)
    ]
    graph = helper.make_graph(
        writer.nodes, "counterpoise", ends[:1], ends[1:], list(writer.constants.values())
    )
    opset = [helper.make_operatorsetid("", OPSET)]
    model = helper.make_model(graph, opset_imports=opset, ir_version=IR_VERSION, producer_name="counterpoise")
    onnx.checker.check_model(model)
    written: bytes = model.SerializeToString()
    return written
