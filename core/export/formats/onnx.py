"""ONNX: the graph that the run itself predicts with."""

import shutil
from pathlib import Path

from counterpoise.core.balance.labels_file import LabelsFile
from counterpoise.core.export.formats.format import ExportFormat
from counterpoise.core.pixels.format import PixelFormat
from counterpoise.core.prediction.predictor import Backend
from counterpoise.core.study.run_folder import RunFolder

FILE = "model.onnx"


def _write(run: RunFolder, folder: Path) -> None:
    shutil.copyfile(run.model_onnx, folder / FILE)


def _load(folder: Path, fmt: PixelFormat, labels: LabelsFile) -> Backend:
    from counterpoise.core.prediction.onnx_backend import open_onnx

    return open_onnx(folder / FILE, fmt, labels)


FORMAT = ExportFormat(
    name="onnx",
    label="ONNX",
    purpose="Fast and small to install, from nearly every language: Python, C++, C#, Java, JavaScript.",
    file=FILE,
    runtime="onnxruntime",
    tolerance=1e-4,
    write=_write,
    load=_load,
)
