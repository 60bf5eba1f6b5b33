"""LiteRT (formerly TensorFlow Lite), for phones and small devices."""

import tempfile
from pathlib import Path

from counterpoise.core.balance.labels_file import LabelsFile
from counterpoise.core.export.formats.format import ExportFormat
from counterpoise.core.export.formats.savedmodel import write_saved_model
from counterpoise.core.pixels.format import PixelFormat
from counterpoise.core.prediction.predictor import Backend
from counterpoise.core.study.run_folder import RunFolder

FILE = "model.tflite"


def _write(run: RunFolder, folder: Path) -> None:
    import tensorflow as tf

    with tempfile.TemporaryDirectory() as between:
        write_saved_model(run, Path(between))
        converter = tf.lite.TFLiteConverter.from_saved_model(between)
        (folder / FILE).write_bytes(converter.convert())


def _load(folder: Path, fmt: PixelFormat, labels: LabelsFile) -> Backend:
    from counterpoise.core.prediction.litert_backend import open_litert

    return open_litert(folder / FILE, fmt, labels)


FORMAT = ExportFormat(
    name="litert",
    label="LiteRT",
    purpose="For phones, tablets and small devices.",
    file=FILE,
    runtime="ai-edge-litert",
    tolerance=1e-3,  # its kernels order sums differently
    write=_write,
    load=_load,
)
