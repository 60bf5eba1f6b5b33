"""Words of the Check step."""

from counterpoise.core.findings.words import count
from counterpoise.gui.form_fields import form_fields

TITLE = "Check"
SUBTITLE = "What would spoil the training or the result, before any time is spent."
NEXT = "Next: train"
ALL_CLEAR = "Nothing stands in the way"
ALL_CLEAR_TEXT = "Images and settings fit together. You can train with confidence."
ONLY_INFO = "Nothing stands in the way; a few things are good to know."
CHECKING = "Checking your images and settings together …"
NO_DATA = "The check follows when the images have been read."
SECTIONS = {
    "blocker": "Settle this before training",
    "warning": "Worth a look",
    "info": "Good to know",
}
ACCEPT = "Train anyway"
ACCEPTED = "Accepted: training may start in spite of this, and the report will say so."
WITHDRAW = "Take back"
ACCEPT_HELP = "Training starts in spite of this finding; the run and its report record that you accepted it."
DRY_RUN_TITLE = "Dry run"
DRY_RUN_TEXT = (
    "Takes a few real training steps with these settings in a process of its own, "
    "and says whether they went well. Nothing is kept."
)
DRY_RUN = "Try a few steps"
DRY_RUN_BUSY = "Trying …"
DRY_RUN_GOOD = "The trial steps went well"
DRY_RUN_BAD = "The trial steps failed"
CANCEL = "Cancel"
INTEREST = "Which class are you looking for?"
INTEREST_NOTE = "Sensitivity, specificity and the threshold speak of it."
GUESSED = "guessed"
SETTINGS_TITLE = "What will run"
SETTINGS = (
    ("model.name", "Network"),
    ("model.mode", "Way of training"),
    ("model.image_size", "Image size"),
    ("training.optimizer", "Optimizer"),
    ("training.learning_rate", "Learning rate"),
    ("training.batch_size", "Batch size"),
    ("training.epochs", "Rounds, at most"),
    ("training.augment", "Variations"),
    ("weighting.method", "Class weights"),
    ("scaling.method", "Pixel scaling"),
    ("training.precision", "Precision"),
    ("training.device", "Device"),
)


def to_look_at(blockers: int, warnings: int) -> str:
    """Summarise in a line for the footer."""
    if blockers:
        return f"{count(blockers, 'thing')} to settle"
    return f"{count(warnings, 'thing')} worth a look" if warnings else ""


def dry_run_good(seconds: float | None, steps: int | None) -> str:
    parts = [count(steps, "step") if steps else "", f"in {seconds:.0f} s" if seconds else ""]
    words = " ".join(part for part in parts if part)
    return f"{words}, with a loss that stayed finite." if words else "The loss stayed finite."


def setting_value(key: str, value: object) -> str:
    """Write a resolved setting; a choice by the words its form has for it."""
    if isinstance(value, float):
        return f"{value:g}"
    if key == "model.image_size":
        return f"{value} × {value} pixels"
    known = form_fields()[key].choices
    return known.get(str(value), str(value))
