"""ONNX graphs run on the CPU: the fast way to features and predictions."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

BEST_BATCH = 8
"""Images per call: 8 to 32 are equally fast on the CPU, larger ones only need more memory."""

Run = Callable[[NDArray[np.generic]], NDArray[np.float32]]


def fast_session(graph: bytes | Path) -> onnxruntime.InferenceSession:
    """Return an onnxruntime session that computes in the thread that calls it.

    Only what is inside ``graph`` is used: a path is read here, so that no other file is ever opened.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    data = graph.read_bytes() if isinstance(graph, Path) else graph
    return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])


def runner(graph: bytes | Path, threads: int = 0, batch: int = BEST_BATCH) -> Run:
    """Return a function from raw images [n, h, w, c] of any number type to the graph's output [n, ...].

    Batches of ``batch`` are computed beside each other in ``threads`` threads (0: one per core): a fifth
    faster than threads within a batch, and the result doesn't depend on their number. Besides the result
    its memory doesn't depend on n.
    """
    session = fast_session(graph)
    given, output = session.get_inputs()[0].name, session.get_outputs()[0]
    pool = ThreadPoolExecutor(threads or os.cpu_count() or 1, "onnx")

    def compute(some: NDArray[np.generic]) -> NDArray[np.float32]:
        result: NDArray[np.float32] = session.run(None, {given: some.astype(np.float32, copy=False)})[0]
        return result

    def run(images: NDArray[np.generic]) -> NDArray[np.float32]:
        if len(images) <= batch:
            return compute(images) if len(images) else np.empty((0, *output.shape[1:]), np.float32)
        parts = [pool.submit(compute, images[i : i + batch]) for i in range(0, len(images), batch)]
        try:
            return np.concatenate([part.result() for part in parts])
        finally:  # where one has failed, none goes on in the background and holds memory
            for part in parts:
                part.cancel()
            wait(parts)

    return run
