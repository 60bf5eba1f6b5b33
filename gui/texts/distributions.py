"""Words of the tab with the pictures of the data; those that the report says too stand in the core."""

from counterpoise.core.findings.words import count

WAIT = "The pictures are made once all images are read."
NOTHING = "No image stands in a part, so there is nothing to draw."
GATHERING = "Looking at sizes and kinds of file…"
MAKE = "Make the pictures"
CANCEL = "Cancel"
CANCELLED = "Cancelled. Brightness and average images are missing."
SAVE = "Save a report of the data…"
SAVE_HELP = (
    "One page with all of this, to print or to hand on. It counts patients and doesn't tell where the images "
    "lie, but it shows names of files."
)
SAVE_WAITS = "The report can be saved once the pictures are made."
SAVING = "Writing the report…"
SHOW = "Open the report"
REPORT_NAME = "data report.html"
ONLY_HELP = "Bring out this class; once more: all."
ROWS_NAME = "Brightness by class"
ROWS_HELP = "Up and down choose a class, Enter shows its images from dark to bright."
SIZES_NAME = "Sizes of the images"
SIZES_HELP = "Arrow keys go from size to size, Enter shows the images."
WIDTH, HEIGHT = "width in pixels", "height in pixels"
OWN_WINDOW = "Each in its own window"
OWN_WINDOW_HELP = (
    "Every class from its own darkest to its own brightest value: more is seen of each, but brightness can't "
    "be compared any more."
)


def looking(done: int, total: int) -> str:
    return f"Looking at {count(total, 'image')}: {done:,} done"


def made_from(seen: int, of: int, unread: int = 0) -> str:
    """What the pictures are made from; sizes and kinds are always of all."""
    if unread:
        return (
            f"Brightness and averages are made from {seen - unread:,} of {of:,} images: "
            f"{count(unread, 'image')} can't be read now. Click a picture to see its images."
        )
    if seen >= of:
        return f"Made from all {of:,} images. Click a picture to see its images."
    return (
        f"Brightness and averages are made from {seen:,} of {of:,} images drawn by chance. "
        "Click a picture to see its images."
    )


def none_read(images: int, *, old: bool) -> str:
    """Not one of the files can be read any more."""
    shown = " The pictures below are those from before." if old else ""
    return (
        f"None of the {count(images, 'image')} can be read now, so no pictures were made.{shown} Is the "
        f"folder still where it was, and its drive connected? Then press “{MAKE}”."
    )


def saved(name: str) -> str:
    return f"The report was written: {name}"


def dark_to_bright(label: str) -> str:
    return f"{label}, from dark to bright"


def as_bright(label: str, value: float) -> str:
    return f"{label}, mean brightness about {value:,.4g}"


def of_size(label: str, width: int, height: int, step: int) -> str:
    about = "about " if step > 1 else ""
    return f"{label}, {about}{width:,} × {height:,}"


def point(label: str, width: int, height: int, images: int, step: int) -> str:
    return f"{of_size(label, width, height, step)}: {count(images, 'image')}"


def of_kind(label: str, words: str) -> str:
    return f"{label}, {words}"


def row(label: str, images: int) -> str:
    """What a screen reader and the tooltip say of a class's row."""
    return (
        f"{label}: curve from {count(images, 'image')}. Click for its images, or on a dot for images like it."
    )


def tile(label: str, images: int) -> str:
    return f"{label}: average of {count(images, 'image')}. Click for its images."
