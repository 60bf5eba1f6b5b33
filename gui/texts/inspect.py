"""Words of the inspect step."""

from counterpoise.core.findings.words import count

TITLE = "Look at your images"
SUBTITLE = "See what you have, and mend what would spoil the result."
PER_CLASS = "Images per class"
FOUND = "Found in these images"
GALLERY = "Gallery"
PART_LEGEND = {
    "train": "training",
    "val": "validation",
    "test": "test, closed until you open it:",
    "": "left out",
}
ALL_CLASSES = "All classes"
ALL_PARTS = "All parts"
ALL_IMAGES = "All images"
ANY_FINDING = "With findings"
WITHOUT = "No image fits these filters. Take one away, or choose “Clear filters”."
NO_IMAGE = "There is no image here yet."
NO_CATALOG = "Choose images first: the step before this one reads them."
KEYS = "arrow keys to move, space to look closer, X to leave out, F1 for all keys"
KEYS_HELP = (
    "Arrow keys move, Shift extends, Ctrl+A takes all, S a section, Ctrl+I the others, Esc none.\n"
    "Space or Enter looks closer, F makes the gallery larger, + and − the pictures, Ctrl+F finds.\n"
    "X leaves out, T takes in again, R gives another label, M moves to another part, "
    "P shows the patient's images.\n"
    "Ctrl+Z takes back, Ctrl+Y puts back, F5 sorts again."
)
LEFT_OUT_BADGE = "left out"
RELABEL = "Another label…"
LEAVE_OUT = "Leave out"
LOOK = "Look closer"
UNDO, REDO = "Undo", "Redo"
OVERVIEW = "Overview"
PICTURES = "Pictures of the data"
PATIENTS = "Patients"
SECOND_LOOK = "Second look"
BRIGHTNESS = "Mean brightness of the images"
DARK, BRIGHT = "dark", "bright"
BRIGHTNESS_HELP = (
    "Each hill shows how bright the images of a class are, the line its middle (median). Where the hills lie "
    "apart, brightness alone may give the class away. Click for more pictures of the data."
)
BY_IMAGE, BY_PATIENT = "Images", "Patients"
PATIENTS_PER_CLASS = "Patients per class"
SHOW_PAIRS = "Show pairs"
FILES_BACK = "Back to the overview"
FILE, REASON = "File", "Why it was passed over"
COPY_LIST = "Copy the list"
NOT_IN_DATA = "not among the images"
NEXT = "Next: balance and scale"
BACK_TO = {
    "results": "Back to the results",
    "check": "Back to the check",
    "train": "Back to training",
    "pictures": "Back to the pictures",
    "patients": "Back to the patients",
    "second_look": "Back to the second look",
}
"""Words of the way back to the step, or the tab, that asked for images."""
BACK_TO_GALLERY = "Back to the gallery"
NOT_YET = "looked for once all images are read"


def ratio(largest_over_smallest: float) -> str:
    """The ratio of the largest class to the smallest."""
    return f"{largest_over_smallest:.1f} to 1"


def share(part: float) -> str:
    """A share in whole per cent; a small one isn't none."""
    return "under 1 %" if 0 < part < 0.005 else f"{100 * part:.0f} %"


def in_several_classes(patients: int) -> str:
    """Why the shares of the classes add up to more than all."""
    return f"{count(patients, 'patient')} {'is' if patients == 1 else 'are'} in several classes"


def bar(used: int, of: int, left_out: int) -> str:
    """What stands behind a class's bar."""
    words = f"{used:,} · {share(used / of)}" if of else f"{used:,}"
    return f"{words} (+{left_out:,} left out)" if left_out else words


def brightness(middle: float) -> str:
    """The middle of a class's brightness, for a screen reader."""
    return f"{middle:.0%}"


def part_legend(part: str, images: int, of_all: float | None) -> str:
    """A part with its number, and its share of what is used."""
    return f"{PART_LEGEND[part]} {images:,}" + (f" ({share(of_all)})" if of_all is not None else "")


def all_well(damaged: bool, one_size: bool, one_depth: bool) -> str:
    """What is all right, in a few words; empty where nothing can be said."""
    good = [
        "" if damaged else "no damaged files",
        "one size" if one_size else "",
        "one depth" if one_depth else "",
    ]
    return ", ".join(words for words in good if words).capitalize()


def read(images: int) -> str:
    return f"{count(images, 'image')} read"


def shown(images: int, of: int) -> str:
    """How many images the gallery shows."""
    return f"{images:,} of {count(of, 'image')}" if images != of else count(of, "image")


def asked(images: int) -> str:
    """The filter that shows images asked for elsewhere."""
    return f"Those {count(images, 'image')}"


def place(row: int, of: int) -> str:
    return f"{row + 1:,} of {of:,}"


def chosen(images: int) -> str:
    return f"{count(images, 'image')} chosen"


def to_look_at(findings: int) -> str:
    """The hint beside the main button."""
    return f"{count(findings, 'thing')} to look at"


def undo(what: str) -> str:
    return f"Undo: {what}" if what else UNDO


def redo(what: str) -> str:
    return f"Redo: {what}" if what else REDO
