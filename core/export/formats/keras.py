"""The run's own ``model.keras``."""

import shutil
from pathlib import Path

from counterpoise.core.balance.labels_file import LabelsFile
from counterpoise.core.export.formats.format import ExportFormat
from counterpoise.core.pixels.format import PixelFormat
from counterpoise.core.prediction.predictor import Backend
from counterpoise.core.study.run_folder import RunFolder

FILE = "model.keras"


def _write(run: RunFolder, folder: Path) -> None:
    shutil.copyfile(run.model_keras, folder / FILE)


def _load(folder: Path, fmt: PixelFormat, labels: LabelsFile) -> Backend:
    from counterpoise.core.prediction.keras_backend import open_keras

    return open_keras(folder / FILE, fmt, labels)


FORMAT = ExportFormat(
    name="keras",
    label="Keras",
    purpose="For Python with Keras 3: to look inside, to train on, to build upon.",
    file=FILE,
    runtime="tensorflow",
    tolerance=1e-4,
    write=_write,
    load=_load,
)
