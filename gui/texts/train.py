"""Words of the Train step."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from counterpoise.core.findings import CODES
from counterpoise.core.findings.words import duration, size
from counterpoise.core.settings import Settings

TITLE = "Train"
SUBTITLE = "You can close this window: training goes on, and is here again when you come back."
NEXT = "Next: results"
START = "Train"
MODES = (
    ("features", "Quick", "Looks at every image once, then learns in seconds. A good first answer."),
    ("finetune", "Thorough", "Adapts the whole network to your images. Takes minutes to hours."),
)
RUN_NAMES = {"features": "quick", "finetune": "thorough", "scratch": "from scratch"}
RUNNING = "{} · running"
AUC_PLOT = "AUC on validation by round"
LOSS_PLOT = "Loss on training and validation by round"
AUC_TITLE = "How well it tells them apart"
AUC_NOTE = "AUC on validation, higher is better"
LOSS_TITLE = "Error"
LOSS_NOTE = "loss, unweighted, lower is better"
SERIES = {"loss": "training", "val_loss": "validation", "val_auc": "validation"}
PAUSE = "Pause"
STOP = "Stop and keep the best"
RESUME = "Go on training"
PAUSING = "Pausing…"
STOPPING = "Stopping…"
HAPPENED = "What happened"
HELD = {
    "source-lost": "Waiting for the images to come back",
    "disk-full": "Waiting for space on the disk",
    "stalled": "Nothing has happened for a while",
}
HELD_NOTE = "It goes on by itself; you can also pause it and go on later."
WILL_CHANGE = "To be changed: {}."
SEE_RESULTS = "See the results"
STARTING = "Starting…"
NOTHING_YET = "Nothing unusual so far."
READY = "Ready to train"
READY_FIGURES = {
    "train": "images to learn from",
    "val": "images to watch how it does",
    "classes": "classes to tell apart",
}
BLOCKED = "Something has to be settled first. Look at the step before this one."
NO_DATA = "Choose your images first."
BEST = "AUC of the best state, round {}: kept"
NO_SCORE = "–"
FAILED_TITLE = "Training ended before it was done"
PAUSED_TITLE = "Training is paused"
PAUSED_TEXT = "Everything up to the last round is kept. Go on whenever you like."
FINISHED_TITLE = "Training is done"
STOPPED_TITLE = "Training was stopped; the best state is kept"
WAIT = "A run is going on. Wait for it, pause it or stop it before you choose another way."
RESUME_NOTE = "Nothing is lost up to the last saved step."
OWNER_GONE = (
    "The training process ended without a word, perhaps because it was killed or the computer "
    "ran out of memory. What it had saved is kept; go on from there."
)
START_FAILED = "Training could not be started: {}"
AGAIN = "Train anew"
DEVICE = "It trains on {}."
CPU = "the processor (CPU)"
GPU = "the graphics card ({})"
VALUES = {
    "left": "Time left",
    "speed": "Speed",
    "memory": "Memory in use",
    "rate": "Learning rate",
    "device": "Device",
}
STAGES = {
    "": "Starting…",
    "start": "Starting…",
    "decode": "Reading and resizing the images, once",
    "scaling": "Measuring the range of the pixels",
    "embed": "Looking at every image, once",
    "head": "Learning from what it saw",
    "build": "Preparing the network for this computer",
    "learn": "Learning",
    "finish": "Judging and saving the model",
}
MARKS = {
    "non-finite-step": "step refused",
    "exploding-loss": "went back",
    "out-of-memory": "batch split",
    "process-died": "restarted",
    "dead-network": "no longer learning",
    "no-signal": "no difference yet",
    "class-collapse": "one class only",
    "loss-scale-starved": "steps skipped",
    "source-lost": "images missing",
    "disk-full": "disk full",
    "stalled": "no step for long",
    "overfitting": "learning by heart",
}


def mark(code: str, others: int = 0) -> str:
    """Return the few words that stand beside a guard's mark, with the number of other kinds there."""
    words = MARKS.get(code, code.replace("-", " "))
    return f"{words} +{others}" if others else words


def told(epoch: int, code: str, message: str) -> str:
    """Return what is said of a guard where it is pointed at."""
    return f"{when(epoch)}{guard_title(code)}. {message}"


def when(epoch: int) -> str:
    return f"Round {epoch} · " if epoch else ""


def guard_title(code: str) -> str:
    return CODES[code].title if code in CODES else code


def and_more(number: int) -> str:
    return f"and {number:,} more"


def moment(time: float, epoch: int, step: int | None) -> str:
    """Return when a guard spoke: ``14:03:27 · round 5, step 12``."""
    parts = [f"{datetime.fromtimestamp(time):%H:%M:%S}"] if time else []
    if epoch:
        parts.append(f"round {epoch}" + (f", step {step}" if step is not None else ""))
    return " · ".join(parts)


def show_images(number: int) -> str:
    return "Show this image" if number == 1 else f"Show these {number:,} images"


def earlier(number: int) -> str:
    return f"{number:,} more before that; the report lists them all."


def train_anew(label: str) -> str:
    """Return the main button's words for a fix's label."""
    return f"Train anew: {label[:1].lower()}{label[1:]}"


def changes(fix: Mapping[str, Any]) -> str:
    """Say which settings a fix changes: ``Learning rate: suggested``."""
    said = []
    for key, value in fix.items():
        table, _, name = key.partition(".")
        declared = getattr(Settings.model_fields[table].annotation, "model_fields", {})[name]
        choices: Mapping[str, str] = (declared.json_schema_extra or {}).get("choices") or {
            "auto": "suggested"
        }
        said.append(
            f"{declared.title}: {choices.get(str(value), value)}".replace(": Suggested", ": suggested")
        )
    return WILL_CHANGE.format("; ".join(said)) if said else ""


def stage(name: str) -> str:
    """Return what is being done, in words; a stage without words is shown as it is called."""
    return STAGES.get(name, name.replace("_", " ").replace("-", " ").capitalize())


def stage_progress(name: str, done: int, total: int) -> str:
    if not total:
        return stage(name)
    return f"{stage(name)} · {done:,} of {total:,}"


def round_of(epoch: int, planned: int | None) -> str:
    return f"Round {epoch} of at most {planned}" if planned else f"Round {epoch}"


def score(value: float | None) -> str:
    """Write an AUC as the journals do: ``.977``, ``1.000``."""
    if value is None:
        return NO_SCORE
    return f"{value:.3f}".removeprefix("0")


def values(
    *,
    seconds_left: float | None,
    images_per_second: float | None,
    memory: tuple[float, float] | None,
    learning_rate: float | None,
    device: str,
) -> dict[str, str]:
    """Write the small figures by the keys of VALUES; what isn't known is a dash."""
    return {
        "left": duration(seconds_left) if seconds_left else NO_SCORE,
        "speed": f"{images_per_second:,.0f} images/s" if images_per_second else NO_SCORE,
        "memory": f"{size(memory[0])} of {size(memory[1])}" if memory else NO_SCORE,
        "rate": f"{learning_rate:.3g}" if learning_rate else NO_SCORE,
        "device": device.upper() or NO_SCORE,
    }


def stage_done(name: str) -> str:
    return f"✓ {stage(name).removesuffix('…')}"


def mode_done(auc: float | None) -> str:
    return f"Done: AUC {score(auc)}"


def in_the_window(message: str) -> str:
    """Put a sentence of the command line into words of the window."""
    return message.replace("--resume", f"'{RESUME}'")
