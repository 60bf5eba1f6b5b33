"""A trained network as the two files of a run, from the same weights and without TensorFlow."""

import os
from collections.abc import Callable
from pathlib import Path

from counterpoise.core.models.keras_file import write_keras
from counterpoise.core.models.network import Arrays, Network
from counterpoise.core.models.onnx_builder import build_onnx


def save_network(network: Network, arrays: Arrays, keras_path: Path, onnx_path: Path) -> None:
    """Write ``model.keras`` and ``model.onnx``; each appears whole or not at all. Raises OSError."""
    _replace(keras_path, lambda path: write_keras(network, arrays, path))
    _replace(onnx_path, lambda path: path.write_bytes(build_onnx(network, arrays)))


def _replace(path: Path, write: Callable[[Path], object]) -> None:
    partial = path.with_name(path.name + ".partial")
    try:
        write(partial)
        with partial.open("rb") as file:
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
