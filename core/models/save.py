"""A trained network as the two files of a run, from the same weights and without TensorFlow."""

from pathlib import Path

from counterpoise.core.models.keras_file import keras_bytes
from counterpoise.core.models.network import Arrays, Network
from counterpoise.core.models.onnx_builder import build_onnx
from counterpoise.core.study.atomic import write_bytes


def save_network(network: Network, arrays: Arrays, keras_path: Path, onnx_path: Path) -> None:
    """Write ``model.keras`` and ``model.onnx``; each appears whole or not at all. Raises OSError."""
    write_bytes(keras_path, keras_bytes(network, arrays))
    write_bytes(onnx_path, build_onnx(network, arrays))
