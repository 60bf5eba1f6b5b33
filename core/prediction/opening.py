"""Open a model, whatever it is: a run, or an exported bundle. Nothing in it is run as code."""

from pathlib import Path

from counterpoise.core.balance.labels_file import read_labels
from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.pixels.format import PixelFormat
from counterpoise.core.prediction.manifest import NAME, verify_manifest
from counterpoise.core.prediction.predictor import Backend, Predictor
from counterpoise.core.settings.files import read_json
from counterpoise.core.study.run_folder import RunFolder, open_finished_run

MODEL_FILES = {"onnx": "model.onnx", "keras": "model.keras", "litert": "model.tflite"}
"""By the kind that runs it, in the order of preference where a folder (a run) holds several."""
SAVED_MODEL = "saved_model.pb"


def open_model(path: Path, threads: int = 0, kind: str | None = None) -> Predictor:
    """Return the model of a run or of a ``keras``, ``onnx`` or ``litert`` bundle, every byte checked.

    ``kind`` asks for one of the files that a run holds (``onnx``, the fastest, is the default).
    Raises CounterpoiseError where there is none, it is unfinished, changed, newer, or a SavedModel.
    """
    if not path.is_dir():
        raise CounterpoiseError(
            f"There is no model at {path}: expected the folder of a run or of an exported model. "
            "Give the folder that was named with --run, or one below what was named with --out."
        )
    if RunFolder(path).is_run:
        open_finished_run(path)
    elif not (path / NAME).is_file():
        raise CounterpoiseError(_no_bundle(path))
    listed = verify_manifest(path).files
    if SAVED_MODEL in listed:
        raise CounterpoiseError(
            f"{path} is a SavedModel, which can hold file operations, so Counterpoise opens none. "
            "Export the run as keras, onnx or litert too and predict with that."
        )
    missing = [name for name in ("labels.json", "preprocessing.json") if name not in listed]
    found = [key for key, name in MODEL_FILES.items() if name in listed and kind in (None, key)]
    if missing or not found:
        lacking = missing[0] if missing else "a model file"
        raise CounterpoiseError(
            f"The model {path} is incomplete: its manifest doesn't list {lacking}. Export it anew."
        )
    return _open(path, found[0], threads)


def read_preprocessing(path: Path) -> PixelFormat:
    """Read ``preprocessing.json``; raises CounterpoiseError where it is missing, damaged or newer."""
    return read_json(path, PixelFormat, f"The file {path.name} of the model", "Make the model anew.")


def _open(path: Path, kind: str, threads: int) -> Predictor:
    fmt, labels = read_preprocessing(path / "preprocessing.json"), read_labels(path / "labels.json")
    file = path / MODEL_FILES[kind]
    # Each runtime is loaded when it is asked for: TensorFlow takes seconds, and has no place in the window.
    if kind == "onnx":
        from counterpoise.core.prediction.onnx_backend import open_onnx

        backend: Backend = open_onnx(file, fmt, labels, threads)
    elif kind == "keras":
        from counterpoise.core.prediction.keras_backend import open_keras

        backend = open_keras(file, fmt, labels)
    else:
        from counterpoise.core.prediction.litert_backend import open_litert

        backend = open_litert(file, fmt, labels, threads)
    return Predictor(kind, fmt, labels, backend)


def _no_bundle(path: Path) -> str:
    inside = sorted(folder.name for folder in path.iterdir() if (folder / NAME).is_file())
    hint = f" It holds models in {', '.join(inside)}: give one of these." if inside else ""
    return (
        f"{path} is no model: expected the folder of a run (with config.toml) or of an exported model "
        f"(with {NAME}).{hint or ' Give another folder.'}"
    )
