"""Words that several screens share."""

from collections.abc import Sequence

SEVERITY = {
    "blocker": "Must be mended",
    "warning": "Warning",
    "info": "Good to know",
    "good": "All well",
}
SHOW_IMAGES = "Show images"
WHICH_FILES = "Which files?"
PARTS = {"train": "training", "val": "validation", "test": "test", "": "left out"}
RESEARCH_USE = "Research use. Not a medical device."


def fault(kind: str) -> str:
    """Say that the program itself has failed; ``kind`` is the exception's name."""
    return f"Something went wrong inside Counterpoise ({kind}); your images and runs are safe."


def not_started(what: str, reason: str) -> str:
    return (
        f"The {what} couldn't be started ({reason.rstrip('.')}): this computer had no process or memory to "
        "spare. Close other programs, then try again."
    )


def lost(what: str) -> str:
    return f"The {what} ended without an answer. Your images and runs are as they were; try again."


def not_decoded(reason: str) -> str:
    """Say why a picture can't be shown whose decoding ended the process that tried."""
    return f"it can't be decoded ({reason}): the file is damaged. Scan again, and it is left out."


def files(paths: Sequence[str], most: int = 12) -> str:
    """Name files, one a line, the first few."""
    more = [f"and {len(paths) - most:,} more"] if len(paths) > most else []
    return "\n".join([*paths[:most], *more])
