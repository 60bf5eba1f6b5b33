"""Words of the Export step."""

from counterpoise.core.findings.words import count
from counterpoise.gui.texts.common import RESEARCH_USE

TITLE = "Export"
SUBTITLE = f"Hand the model on: each file is loaded again and compared with the trained one. {RESEARCH_USE}"
FORMATS = (
    ("keras", "Keras", "To go on working with it in Python", ".keras"),
    ("onnx", "ONNX", "For other programs and servers; small and fast", ".onnx"),
    ("litert", "LiteRT", "For phones, tablets and small devices", ".tflite"),
    ("savedmodel", "SavedModel", "For TensorFlow Serving", "folder"),
)
EXPORT = "Export"
FOLDER = "Folder"
CHOOSE_FOLDER = "Choose folder…"
FOLDER_HELP = "Where the files go; one sub-folder per format."
EXPORTING = "Writing and comparing…"
NO_RUN = "Train a model first."
NO_FORMAT = "Choose at least one format."
BUNDLE_NOTE = (
    "Each folder holds the model, its labels, how images are prepared, a model card, an example "
    "that runs without Counterpoise, and a list of checksums."
)
VERIFIED = "Same answers as in training"
NOT_VERIFIED = "Answers differ: don't use this file"
OPEN_FOLDER = "Show folder"
FAILED = "The export didn't succeed"
CANCEL = "Cancel"
CANCELLED = "Cancelled."
PREDICT_TITLE = "Predict new images"
PREDICT_TEXT = "Drop new images or a folder here"
PREDICT_OVER = "Let go to predict them"
PREDICT_HINT = "The answers go into a table (CSV) in the study."
PREDICT_FILES = "Choose files…"
PREDICT_FOLDER = "Choose folder…"
PREDICTING = "Looking at image {}…"
PREDICT_FAILED = "The images could not be predicted"
PREDICTED = "Done"
OPEN_TABLE = "Open the table"


def difference(value: float | None, images: int) -> str:
    """Write ``largest difference 0.0000004 on 200 images``."""
    if value is None:
        return f"compared on {count(images, 'image')}"
    if value == 0:
        return f"no difference at all on {count(images, 'image')}"
    digits = 7 if value < 1e-3 else 4
    written = f"{value:.{digits}f}"
    if float(written) == 0:
        written = f"below {10**-digits:.{digits}f}"
    return f"largest difference {written} on {count(images, 'image')}"


def predicted(images: int, errors: int, csv: str) -> str:
    unread = f"; {count(errors, 'file')} could not be read" if errors else ""
    return f"{count(images, 'image')} predicted{unread}. The table is {csv}."


def progress(name: str, done: int, total: int) -> str:
    """Say which format is being written."""
    titles = {key: title for key, title, *_ in FORMATS}
    step = f" ({min(done + 1, total)} of {total})" if total > 1 else ""
    return f"Writing {titles[name]} and comparing it{step}…" if name in titles else EXPORTING


def verified(path: str, value: float | None, images: int) -> str:
    words = difference(value, images)
    return f"{words[:1].upper()}{words[1:]}. {path}"


def no_folder(reason: str | None) -> str:
    return f"The study's folder can't be written ({reason}). Free some space, or open the study elsewhere."
