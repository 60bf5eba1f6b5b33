"""LiteRT models (formerly TensorFlow Lite) in their own small runtime."""

import os
from pathlib import Path

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from counterpoise.core.balance.labels_file import LabelsFile
from counterpoise.core.pixels.format import PixelFormat
from counterpoise.core.prediction.predictor import Backend, check_ends, damaged

BATCH = 16


def open_litert(path: Path, fmt: PixelFormat, labels: LabelsFile, threads: int = 0) -> Backend:
    """Return the graph of ``path``, ready to run. Custom operations aren't known to the runtime."""
    try:
        interpreter = Interpreter(model_content=path.read_bytes(), num_threads=threads or os.cpu_count() or 1)
        interpreter.allocate_tensors()
    except (ValueError, RuntimeError) as error:
        raise damaged(path.name, f"LiteRT refuses it ({str(error).splitlines()[0]})") from error
    given, output = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    check_ends(
        path.name, tuple(given["shape_signature"][1:]), tuple(output["shape_signature"][1:]), fmt, labels
    )

    def run(images: NDArray[np.generic]) -> NDArray[np.float32]:
        results = [np.empty((0, len(labels.labels)), np.float32)]
        for start in range(0, len(images), BATCH):
            batch = images[start : start + BATCH].astype(np.float32, copy=False)
            if tuple(interpreter.get_input_details()[0]["shape"]) != batch.shape:
                interpreter.resize_tensor_input(given["index"], batch.shape)
                interpreter.allocate_tensors()
            interpreter.set_tensor(given["index"], batch)
            interpreter.invoke()
            results.append(interpreter.get_tensor(output["index"]))
        return np.concatenate(results)

    return run
