"""TensorFlow's SavedModel, for servers. Ours are written and verified; no foreign one is ever opened."""

import errno
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from counterpoise.core.balance.labels_file import LabelsFile
from counterpoise.core.export.formats.format import ExportFormat
from counterpoise.core.pixels.format import PixelFormat
from counterpoise.core.prediction.predictor import Backend
from counterpoise.core.study.run_folder import RunFolder

FILE = "saved_model.pb"
BATCH = 32


def write_saved_model(run: RunFolder, folder: Path) -> None:
    """Write the run's model with the endpoint ``serve`` and the signature ``serving_default``.

    Traced by itself: ``keras.Model.export`` takes twice as long and stores every weight twice.
    Raises OSError where it can't be written.
    """
    import tensorflow as tf

    from counterpoise.core.prediction.keras_backend import load_keras

    model = load_keras(run.model_keras)
    shape = tf.TensorSpec(model.input_shape, tf.float32, name="image")
    module = tf.Module()
    module.weights = [variable.value for variable in model.variables]
    module.serve = tf.function(lambda image: model(image, training=False), input_signature=[shape])
    try:
        tf.saved_model.save(module, str(folder), signatures={"serving_default": module.serve})
    except tf.errors.OpError as error:  # TensorFlow's own kind for a full disk
        raise OSError(errno.EIO, error.message.splitlines()[0]) from error
    assets = folder / "assets"
    if assets.is_dir():
        assets.rmdir()  # always empty here


def _load(folder: Path, fmt: PixelFormat, labels: LabelsFile) -> Backend:  # noqa: ARG001  # as every load
    import tensorflow as tf

    loaded = tf.saved_model.load(str(folder))

    def run(images: NDArray[np.generic]) -> NDArray[np.float32]:
        batches = (images[start : start + BATCH] for start in range(0, len(images), BATCH))
        return np.concatenate([loaded.serve(tf.constant(b, tf.float32)).numpy() for b in batches])

    return run


FORMAT = ExportFormat(
    name="savedmodel",
    label="SavedModel",
    purpose="For TensorFlow Serving and other TensorFlow servers.",
    file=FILE,
    runtime="tensorflow",
    tolerance=1e-4,
    write=write_saved_model,
    load=_load,
)
