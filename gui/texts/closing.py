"""Words of the question that a closing window asks while a run goes on."""

from counterpoise.core.findings.words import duration
from counterpoise.gui.answering import SUPERVISOR_PATIENCE

TITLE = "A training is going on"
ASK = "What should become of it when the window closes?"
CHOICES = (
    (
        "leave",
        "Leave it going",
        "It goes on without the window. Open the study again to see it, whenever you like.",
    ),
    (
        "pause",
        "Pause",
        "It ends within seconds and keeps what it has learned. Go on later from there.",
    ),
    (
        "stop",
        "Stop with the best state",
        "It finishes now: the best state so far becomes the result. It can't go on learning later.",
    ),
)
TOO_EARLY = "Not possible yet: it hasn't learned for a whole round."
CANCEL = "Keep the window open"
WAITING = {"pause": "Pausing…", "stop": "Stopping with the best state…"}
WAITING_TEXT = {
    "pause": (
        "The window closes as soon as the training has paused. If it hasn't after "
        f"{SUPERVISOR_PATIENCE:.0f} s, it is ended; what it had saved is kept."
    ),
    "stop": "The window closes as soon as the model is judged and saved.",
    "": "The window closes as soon as the training answers.",
}
CLOSE_NOW = "Close without waiting"
CLOSE_NOW_HELP = {
    "pause": "The training pauses without the window just the same.",
    "stop": "The training finishes without the window just the same.",
}


def running(name: str, doing: str, left: float | None) -> str:
    """Say which run it is, what it does, how long that may take, and ask."""
    time = f", about {duration(left)} left" if left else ""
    return f"{name}: {_lower(doing)}{time}. {ASK}"


def waiting(asked: str, doing: str, waited: float, *, answering: bool = True) -> str:
    """Say what the window waits for, since when, and what the run does meanwhile."""
    return f"{WAITING_TEXT[asked if answering else '']} Asked {duration(waited)} ago; now at {_lower(doing)}."


def _lower(doing: str) -> str:
    return doing[:1].lower() + doing[1:].removesuffix("…")
