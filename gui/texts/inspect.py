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
    "test": "test (closed until you open it)",
    "": "left out",
}
ALL_CLASSES = "All classes"
ALL_PARTS = "All parts"
ALL_IMAGES = "All images"
ANY_FINDING = "With findings"
WITHOUT = "Nothing fits these filters. Take one away to see more."
NO_CATALOG = "Choose images first: the step before this one reads them."
KEYS = "arrow keys to move, space to look closer, X to leave out"
KEYS_HELP = (
    "Arrow keys move, Shift extends, Ctrl+A takes all. Space or Enter looks closer. "
    "X leaves out, R gives another label, Ctrl+Z takes back."
)
LEFT_OUT_BADGE = "left out"
RELABEL = "Another label…"
LEAVE_OUT = "Leave out"
LOOK = "Look closer"
UNDO = "Undo"
NEXT = "Next: balance and scale"
BACK_TO = {"results": "Back to the results", "check": "Back to the check", "train": "Back to training"}
"""Words of the way back to the step that asked for images."""
CHECKING = "Looking for what would spoil the result…"
NO_FIX_TITLE = "Applied"
NOT_YET = "looked for once all images are read"


def ratio(largest_over_smallest: float) -> str:
    """The ratio of the largest class to the smallest."""
    return f"{largest_over_smallest:.1f} to 1"


def all_well(damaged: bool, sizes: int, depths: int) -> str:
    """What is all right, in a few words; empty where nothing can be said."""
    good = [
        "" if damaged else "no damaged files",
        "one size" if sizes == 1 else "",
        "one depth" if depths == 1 else "",
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


def show_more(findings: int) -> str:
    return f"{findings} more"
