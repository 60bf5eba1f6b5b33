"""Words of the window around the steps."""

PROGRAM = "Counterpoise"
LOCAL = "All data stay on this computer"
LOCAL_HELP = "Nothing is uploaded, nothing is reported, nothing is downloaded."
BACK = "Back"
MAIN_KEYS = "Ctrl+Return"
SOON = "This step is not built yet."
THEME = {"system": "Follow the system", "light": "Light", "dark": "Dark"}
APPEARANCE = "Appearance"
LARGER = "Larger text"
SMALLER = "Smaller text"
NORMAL = "Normal text size"
DISMISS = "Dismiss"
UNDO = "Undo"
STATE = {"todo": "not yet", "attention": "needs attention", "done": "done"}
LOOKING = "Looking at this computer…"
STEPS = "Steps"
WHY = "why?"


def fixed(what: str) -> str:
    """A fix was applied."""
    return f"Done: {what}."


def opened_before(name: str, training: bool) -> str:
    """Said of a new study whose images already belong to another one with a run."""
    what = "a training goes on with them" if training else "trainings with them lie"
    return (
        f"These images were opened before: {what} in the study '{name}'. To go on there, choose it among "
        "the recent studies; what you see now is a new, empty one."
    )


def study_gone(name: str) -> str:
    """The study's folder was there when it was opened."""
    return (
        f"The folder of the study '{name}' isn't where it was, so nothing was changed. It was moved, "
        "renamed or deleted, or its drive was unplugged: put it back, or open it where it is now."
    )


def step_name(number: int, label: str, state: str) -> str:
    """What a screen reader says of a step."""
    return f"Step {number}: {label}, {STATE[state]}"


def device(gpu: str, cores: int) -> str:
    """The device in a few words."""
    return f"GPU: {gpu}" if gpu else f"CPU, {cores} cores · no GPU:"


def device_help(gpu_reason: str, memory_free: float, memory_total: float) -> str:
    """What the device line means, in full."""
    memory = f"Memory: {memory_free / 1e9:.1f} of {memory_total / 1e9:.1f} GB free."
    if not gpu_reason:
        return f"Training uses the GPU. {memory}"
    return (
        f"Training uses the CPU, because {gpu_reason}. {memory} The quick way of training is made for this."
    )
