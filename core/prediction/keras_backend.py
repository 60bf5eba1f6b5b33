"""Keras models. Imports TensorFlow, so it is imported late and never in the window's process."""

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from counterpoise.core.balance.labels_file import LabelsFile
from counterpoise.core.models.keras_layers import ALLOWED
from counterpoise.core.pixels.format import PixelFormat
from counterpoise.core.prediction.predictor import Backend, check_ends, damaged

MEMBERS = {"metadata.json", "config.json", "model.weights.h5"}
BATCH = 32


def load_keras(path: Path) -> Any:
    """Return the ``keras.Model`` of a file that holds built-in layers alone; raises CounterpoiseError.

    Safe mode refuses lambdas; the list of classes refuses everything else that a model of ours never
    holds, before Keras looks at it (built-in layers can name files and modules too).
    """
    try:
        with zipfile.ZipFile(path) as archive:
            foreign = set(archive.namelist()) - MEMBERS
            classes = set(_classes(json.loads(archive.read("config.json"))))
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise damaged(path.name, f"it is no Keras model ({error})") from None
    if foreign:
        raise damaged(path.name, f"it holds more than a model ({', '.join(sorted(foreign))})")
    if not classes <= ALLOWED:
        raise damaged(path.name, f"it holds {', '.join(sorted(classes - ALLOWED))}, which none of ours has")
    try:
        return keras.saving.load_model(path, compile=False, safe_mode=True)
    except (ValueError, TypeError, KeyError, OSError, AttributeError) as error:
        raise damaged(path.name, f"Keras refuses it ({str(error).splitlines()[0]})") from error


def open_keras(path: Path, fmt: PixelFormat, labels: LabelsFile) -> Backend:
    """Return the model of ``path``, ready to run."""
    model = load_keras(path)
    check_ends(path.name, model.input_shape[1:], model.output_shape[1:], fmt, labels)
    return keras_runner(model)


def keras_runner(model: Any) -> Backend:
    """Return a function from raw images to the model's output, BATCH images at a time."""

    def run(images: NDArray[np.generic]) -> NDArray[np.float32]:
        if not len(images):
            return np.empty((0, *model.output_shape[1:]), np.float32)
        batches = (images[start : start + BATCH] for start in range(0, len(images), BATCH))
        return np.concatenate([model.predict_on_batch(_padded(batch))[: len(batch)] for batch in batches])

    return run


def _padded(batch: NDArray[np.generic]) -> NDArray[np.float32]:
    """Fill a batch up with zeros, so that TensorFlow traces the model for one size alone."""
    missing = BATCH - len(batch)
    return np.pad(batch.astype(np.float32), ((0, missing), (0, 0), (0, 0), (0, 0)))


def _classes(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if "class_name" in value and value["class_name"] != "__keras_tensor__":
            yield str(value["class_name"])
            module = str(value.get("module", "keras"))
            if module.partition(".")[0] != "keras":
                yield f"{module}.{value['class_name']}"
            if value.get("registered_name") not in (None, "Functional"):
                yield str(value["registered_name"])
        for inner in value.values():
            yield from _classes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _classes(inner)
