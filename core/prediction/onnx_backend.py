"""ONNX graphs in onnxruntime. Only graphs of the kind we write are run."""

from pathlib import Path

import onnx
from google.protobuf.message import DecodeError
from onnx import TensorProto

from counterpoise.core.balance.labels_file import LabelsFile
from counterpoise.core.models.onnx_builder import OPERATORS
from counterpoise.core.models.session import runner
from counterpoise.core.pixels.format import PixelFormat
from counterpoise.core.prediction.predictor import Backend, check_ends, damaged


def open_onnx(path: Path, fmt: PixelFormat, labels: LabelsFile, threads: int = 0) -> Backend:
    """Return the graph of ``path``, ready to run; raises CounterpoiseError for a graph that isn't ours."""
    data = path.read_bytes()
    try:
        model = onnx.load_model_from_string(data)
    except DecodeError:
        raise damaged(path.name, "it is no ONNX graph") from None
    graph = model.graph
    foreign = {node.op_type for node in graph.node if node.domain or node.op_type not in OPERATORS}
    if foreign or model.functions or graph.sparse_initializer:
        raise damaged(path.name, f"it holds operations that none of ours has ({', '.join(sorted(foreign))})")
    if any(tensor.data_location == TensorProto.EXTERNAL for tensor in graph.initializer):
        # Such a tensor names a file anywhere on this computer.
        raise damaged(path.name, "its weights lie in other files")
    if len(graph.input) != 1 or len(graph.output) != 1:
        raise damaged(path.name, "it has more than one input or output")
    given, output = (
        tuple(side.dim_value for side in end.type.tensor_type.shape.dim[1:])
        for end in (graph.input[0], graph.output[0])
    )
    check_ends(path.name, given, output, fmt, labels)
    try:
        return runner(data, threads)
    except Exception as error:  # onnxruntime's errors have no base of their own
        raise damaged(path.name, f"onnxruntime refuses it ({str(error).splitlines()[0]})") from error
