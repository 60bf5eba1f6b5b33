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
NEXT = "Next: inspect"
READ = "What was read"
LEGEND_READ = "read so far"
ALL_READ = "Every file could be read."
RESCAN = "Read again"
FINDINGS_NEXT = "The next step shows them."


def progress(done: int, total: int, seconds: float) -> str:
    """How far the reading is, and how long it will take once that can be told."""
    words = f"{done:,} of {count(total, 'file')}"
    if done < total and seconds > 2 and done:
        words += f" · about {duration(seconds * (total - done) / done)} left"
    return words


def recent(images: int, classes: int) -> str:
    """What a recent study holds."""
    return f"{count(images, 'image')} · {count(classes, 'class', 'classes')}" if images else ""


def summary(images: int, classes: int, groups: int | None) -> str:
    """What was read, in one line."""
    words = f"{count(images, 'image')} in {count(classes, 'class', 'classes')}"
    return words if groups is None else f"{words} of {count(groups, 'patient')}"


def skipped(files: int) -> str:
    return f"{count(files, 'file')} passed over."
