"""Words of the data step."""

from counterpoise.core.findings.words import count, duration

TITLE = "Choose your images"
SUBTITLE = "A folder with one sub-folder per class is all it takes. Your images are read, never changed."
DROP = "Drop a folder of images here"
DROP_NOW = "Let go to read these images"
DROP_HINT = "One folder that holds a sub-folder per class, or several folders, one per class."
FORMATS = "DICOM, PNG, JPEG, TIFF (16-bit and float too), WebP, BMP, GIF"
CHOOSE = "Choose a folder…"
CHOOSE_TITLE = "Folder of images, or a study"
OTHER = "Other images…"
DEMO = "Try the demo"
DEMO_HELP = "Makes a few hundred synthetic blood cell images in seconds, with planted faults to be found."
DEMO_MAKING = "Making the demo images…"
RECENT = "Recent studies"
NO_RECENT = "Studies you have opened will be listed here."
TRAINING = "training"
FORGET = "Take off the list"
READING = "Reading your images"
STARTING = "Looking for images…"
CANCEL = "Cancel"
FAULT = "These images can't be used"
STOPPED = "The images couldn't be read to the end"
NEXT = "Next: inspect"
READ = "What was read"
LEGEND_READ = "read so far"
ALL_READ = "Every file could be read."
RESCAN = "Read again"
UNSURE = f"Whether anything has changed since isn't known: “{RESCAN}” finds out."
LAST_TIME = "Your images, as last read"
FINDINGS_NEXT = "The next step shows them."
PARTLY_READ = "What was read so far"
GO_ON = "Go on reading"
LOOK = "Look at the first ones"
LOOK_HINT = "What is read already can be looked at while the rest is read."
JUDGING = "All files are read. Looking for copies and other faults…"
_SLOW = 5.0
"""Seconds without a file after which it is said."""


def unread(images: int, files: int) -> str:
    """Why there is no check yet."""
    return (
        f"{count(images, 'image')} can be looked at so far; {_waiting(files)}. "
        "The check and the training need all of them: let the Data step finish reading."
    )


def stopped(images: int, files: int) -> str:
    """What there is of a scan that didn't end."""
    return (
        f"{count(images, 'image')} so far; {_waiting(files)}. Nothing is lost: "
        f"“{GO_ON}” starts where it stopped, today or another day."
    )


def _waiting(files: int) -> str:
    are = "isn't" if files == 1 else "aren't"
    return f"{count(files, 'file')} {are} read yet"


def counting(found: int) -> str:
    """How many files the walk through the folders has found so far."""
    return f"Counting files… {found:,} found so far" if found else STARTING


def looking(found: int) -> str:
    """The folders are compared with what is shown."""
    return f"Looking for changes… {count(found, 'file')} so far." if found else "Looking for changes…"


def progress(
    done: int, total: int, per_second: float = 0.0, left: float | None = None, waiting: float = 0.0
) -> str:
    """How far the reading is, how fast, and how long it will take once that can be told."""
    words = f"{done:,} of {count(total, 'file')}"
    if waiting > _SLOW:
        return f"{words} · no file has come for {duration(waiting)}: the drive is slow, or doesn't answer"
    if per_second:
        speed = f"{per_second:,.0f} a second" if per_second >= 1 else f"{60 * per_second:,.0f} a minute"
        words += f" · {speed}"
    if left is not None and done < total:
        words += f" · about {duration(left)} left"
    return words


def recent(images: int, classes: int) -> str:
    """What a recent study holds."""
    return f"{count(images, 'image')} · {count(classes, 'class', 'classes')}" if images else ""


def summary(images: int, classes: int, patients: str) -> str:
    """What was read, in one line; ``patients`` are counted in words, where they are known."""
    words = f"{count(images, 'image')} in {count(classes, 'class', 'classes')}"
    return f"{words} of {patients}" if patients else words


def skipped(files: int) -> str:
    return f"{count(files, 'file')} passed over."
