"""ONNX graphs run on the CPU: the fast way to features and predictions."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from counterpoise.core.models.arrays import initial_arrays
from counterpoise.core.models.assemble import FEATURES, assemble
from counterpoise.core.models.onnx_builder import build_onnx
from counterpoise.core.models.spec import ModelSpec
from counterpoise.core.pixels.format import PixelFormat
from counterpoise.core.pixels.scaling import FittedScaling

BEST_BATCH = 16
"""Images per call: 8 to 32 are equally fast on the CPU, larger ones only need more memory."""

Run = Callable[[NDArray[np.generic]], NDArray[np.float32]]


def fast_session(graph: bytes | Path, threads: int = 0) -> onnxruntime.InferenceSession:
    """Return an onnxruntime session on the CPU with ``threads`` threads (0: one per core).

    Only what is inside ``graph`` is used: a path is read here, so that no other file is ever opened.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Spinning threads would take the cores from the decoding that goes on beside this.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    data = graph.read_bytes() if isinstance(graph, Path) else graph
    return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])


def runner(graph: bytes | Path, threads: int = 0) -> Run:
    """Return a function from raw images [n, h, w, c] of any number type to the graph's output [n, ...].

    It works through them BEST_BATCH at a time, so its memory doesn't depend on n.
    """
    session = fast_session(graph, threads)
    given, output = session.get_inputs()[0].name, session.get_outputs()[0]

    def run(images: NDArray[np.generic]) -> NDArray[np.float32]:
        if not len(images):
            return np.empty((0, *output.shape[1:]), np.float32)
        return np.concatenate(
            [session.run(None, {given: b.astype(np.float32, copy=False)})[0] for b in _batches(images)]
        )

    return run


def _batches(images: NDArray[np.generic]) -> Iterator[NDArray[np.generic]]:
    for start in range(0, len(images), BEST_BATCH):
        yield images[start : start + BEST_BATCH]


def backbone_onnx(
    spec: ModelSpec, fmt: PixelFormat, scaling: FittedScaling, weights: Path | None = None
) -> bytes:
    """Return the frozen backbone as a graph: raw images [n, h, w, c] in, features [n, feature_width] out."""
    network = assemble(spec, fmt, scaling, classes=2, mode="features").until(FEATURES)
    return build_onnx(network, initial_arrays(network, spec, "features", weights=weights))
