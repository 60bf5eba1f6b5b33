"""Words about a run that can't be followed or steered as usual."""

from counterpoise.core.findings.words import duration
from counterpoise.gui.answering import SUPERVISOR_PATIENCE, Trouble

END_NOW = "End it now"
END_HELP = "Ends the training's processes at once. What it had saved is kept; you can go on from there."
WAKE = "Let it go on"
ENDING = "Ending…"
TITLES = {
    Trouble.FOLDER: "The folder of this run is gone",
    Trouble.HALTED: "The training is halted",
    Trouble.DEAF: "The training doesn't answer",
    Trouble.SLOW: "The training hasn't answered yet",
    Trouble.RECORD: "The record of this run is gone",
    Trouble.SILENT: "The training doesn't answer",
}
TEXTS = {
    Trouble.FOLDER: (
        "It was moved, renamed or deleted, or its drive was unplugged, while the training was running. "
        "Put it back and this page goes on; else end the training."
    ),
    Trouble.HALTED: (
        "Something outside Counterpoise has halted its process (SIGSTOP). Nothing is lost: let it go on, or "
        "end it and go on later from the last saved step."
    ),
    Trouble.SLOW: (
        f"It was asked to pause. If it hasn't after {SUPERVISOR_PATIENCE:.0f} s, it is ended; "
        "what it had saved is kept."
    ),
    Trouble.RECORD: (
        "The file events.jsonl was deleted or can't be read, so curves and figures stand still here. "
        "The training goes on; its result will be in the run's folder."
    ),
}
NOT_ENDED = (
    "The training's processes couldn't be ended: this computer doesn't let them go. "
    "Wait a moment and try again, or restart the computer; what was saved is kept."
)
ENDED_HERE = "You ended the training. What it had saved is kept; go on from there."
RECORD_LOST = (
    "The training has ended. How can't be told, because its record (events.jsonl) is gone; go on from what "
    "it had saved, or train anew."
)
FINISHED_UNSEEN = "Training has finished. Its record was lost on the way, so the curves aren't complete."


def text(trouble: Trouble, asked: str, waited: float, quiet: float) -> str:
    """Return what happened, and what one can do, in a sentence or two."""
    if trouble is Trouble.DEAF:
        return (
            f"It was asked to {asked} {duration(waited)} ago. Wait a little longer, or end it: "
            "what it had saved is kept."
        )
    if trouble is Trouble.SILENT:
        return (
            f"Nothing has been heard for {duration(quiet)}. It may be busy with a long step; if it stays "
            "like this, end it: what it had saved is kept."
        )
    return TEXTS[trouble]


def not_asked(reason: str) -> str:
    return f"The training can't be asked, because its folder can't be written to ({reason}). It goes on."


def folder_lost(name: str) -> str:
    return (
        f"The folder of the run '{name}' isn't where it was: it was moved, renamed or deleted. "
        "Put it back and open the study again, or train anew."
    )
