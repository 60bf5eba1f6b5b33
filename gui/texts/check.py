"""Words of the Check step."""

from typing import TYPE_CHECKING

from counterpoise.core.findings.words import count, duration
from counterpoise.gui.form_fields import form_fields

if TYPE_CHECKING:
    from counterpoise.core.training.dry_run.range_test import RateRange
    from counterpoise.core.training.dry_run.result import DryRun

TITLE = "Check"
SUBTITLE = "What would spoil the training or the result, before any time is spent."
NEXT = "Next: train"
ALL_CLEAR = "Nothing stands in the way"
ALL_CLEAR_TEXT = "Images and settings fit together. You can train with confidence."
ONLY_INFO = "Nothing stands in the way; a few things are good to know."
CHECKING = "Checking your images and settings together…"
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
    "Takes a few dozen real training steps with these settings in a process of its own, and says whether "
    "they go well, how long the training will take and which learning rates are safe. Nothing is kept."
)
DRY_RUN = "Try a few steps"
DRY_RUN_BUSY = "Starting…"
DRY_RUN_CANCELLED = "Cancelled; nothing was kept."
DRY_RUN_CHANGED = "Images or settings have changed since the last trial steps."
DRY_RUN_GOOD = "The trial steps went well"
DRY_RUN_BAD = "The trial steps failed"
DRY_RUN_NOT_STARTED = "The trial steps couldn't be taken"
SEE_FINDINGS = "It stands among the findings, with what to do."
CANCEL = "Cancel"
STAGES = {
    "decode": "Reading some of the images, the largest first…",
    "scaling": "Fitting the pixel range…",
    "embed": "Letting the network look at some images…",
    "head": "Learning a first answer from what it saw…",
    "build": "Building the network, which takes a while…",
    "learn": "Taking trial steps…",
    "validate": "Judging validation images…",
    "range": "Trying learning rates from far too low to far too high…",
    "finish": "Writing results to throw away…",
}
TRIAL_TITLE = "What the trial steps showed"
LOSS_NOTE = "Error (loss) step by step, weighted as it is learnt from."
LOSS_PLOT = "Error of each trial step"
RANGE_TITLE = "Learning rate"
RANGE_PLOT = "Error over the learning rate"
RANGE_WAITING = "The test of learning rates follows the steps."
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


def stage(name: str) -> str:
    return STAGES.get(name, DRY_RUN_BUSY)


def dry_run_facts(tried: "DryRun") -> list[tuple[str, str, str]]:
    """Return what was measured and predicted: name, words, and the details for a tooltip."""
    facts = []
    if (expected := tried.forecast) is not None:
        low, high = duration(expected.seconds_low), duration(expected.seconds_high)
        between = f" ({low} to {high})" if low != high else ""
        parts = ", ".join(f"{PARTS[name]} {duration(took)}" for name, took in expected.parts.items())
        facts.append(("Training takes", f"about {duration(expected.seconds)}{between}", f"Of that: {parts}."))
        facts.append(("Its memory", f"about {roughly(expected.memory_bytes)} at the most", MEMORY_HELP))
    if tried.steps:
        each = f", {small(tried.seconds_per_step)} each" if tried.seconds_per_step else ""
        whole = f"The dry run took {tried.seconds:.0f} s in all."
        facts.append(("Tried", f"{count(tried.steps, 'step')}{each}", whole))
    if tried.peak_memory_bytes:
        facts.append(("Memory then", roughly(tried.peak_memory_bytes), PEAK_HELP))
    return facts


MEMORY_HELP = "Peak of all processes of the training together, put forward from the trial steps."
PEAK_HELP = "Peak of the process that took the trial steps."
PARTS = {
    "start": "starting",
    "decode": "reading images",
    "scaling": "fitting the pixel range",
    "embed": "looking at images",
    "head": "learning a first answer",
    "build": "building the network",
    "learn": "learning",
    "finish": "results",
}


def roughly(number_of_bytes: float) -> str:
    """Return bytes without more digits than are known: ``440 MB``, ``2.1 GB``."""
    megabytes = number_of_bytes / 1e6
    return f"{megabytes:.0f} MB" if megabytes < 1000 else f"{megabytes / 1000:.1f} GB"


def small(seconds: float) -> str:
    """Write a short time: ``0.4 ms``, ``120 ms``, ``2.1 s``."""
    return (
        f"{seconds:.1f} s"
        if seconds >= 1
        else f"{1000 * seconds:.2g} ms"
        if seconds < 0.1
        else f"{seconds:.2f} s"
    )


def planned(rate: float) -> str:
    return f"planned: {rate:g}"


def take_rate(rate: float) -> str:
    return f"Use {rate:g}"


def range_words(found: "RateRange", rate: float | None) -> str:
    """Say what the curve means, and where the planned rate lies in it."""
    high = f"{found.safe_high:.2g}"
    safe = f"Safe from {found.safe_low:.2g} to {high}" if found.safe_low else f"Safe up to {high}"
    if rate is None:
        return f"{safe}."
    if found.too_high is not None and rate >= found.too_high:
        return (
            f"{safe}. From {found.too_high:.2g} on the error grows again: the planned {rate:g} is too high."
        )
    if rate > found.safe_high:
        return f"{safe}. The planned {rate:g} lies above; training may swing."
    if found.safe_low is not None and rate < found.safe_low:
        return f"{safe}. The planned {rate:g} lies below: it does no harm, but learns slowly."
    return f"{safe}. The planned {rate:g} lies inside."


def setting_value(key: str, value: object) -> str:
    """Write a resolved setting; a choice by the words its form has for it."""
    if isinstance(value, float):
        return f"{value:g}"
    if key == "model.image_size":
        return f"{value} × {value} pixels"
    known = form_fields()[key].choices
    return known.get(str(value), str(value))
