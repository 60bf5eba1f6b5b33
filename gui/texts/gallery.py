"""Words of the gallery: its filters, its order, its sections, what can be done there."""

from counterpoise.core.catalog.types import Part
from counterpoise.core.findings.words import count
from counterpoise.core.study.edits import Edit
from counterpoise.gui.texts import common

PART_ORDER: tuple[Part, ...] = ("train", "val", "test", "")
PARTS = {"train": "Training", "val": "Validation", "test": "Test", "": "Left out"}
NO_FINDING = "Nothing found"
OTHER_SIZES = "Other sizes"
COLOURS = ("Grey", "Colour")
SHAPES = ("Upright", "Square", "Wide")
FRAMES = ("Files of one image", "Frames of a file")
BRIGHTNESS = ("Darkest tenth", "Darker half", "Brighter half", "Brightest tenth")
CONTRAST = ("Lowest contrast (a tenth)", "Lower half", "Higher half", "Highest contrast (a tenth)")
CHANGED = ("As it came", "Changed by you")
PATIENTS = ("Patient unknown", "One image", "Several images")
FACETS = {
    "changed": "Your changes",
    "patients": "Images of its patient",
    "size": "Size in pixels",
    "shape": "Shape",
    "depth": "Depth",
    "colour": "Colour",
    "type": "File type",
    "frames": "Frames",
    "brightness": "Brightness",
    "contrast": "Contrast",
}
"""The filters of the menu ``More``, in order."""
SORTS = {
    "path": "File name",
    "class": "Class",
    "part": "Part",
    "patient": "Patient",
    "finding": "Finding, the most urgent first",
    "changed": "Your changes",
    "size": "Size in pixels",
    "shape": "Shape, width over height",
    "depth": "Depth",
    "colour": "Colour",
    "type": "File type",
    "brightness": "Brightness",
    "contrast": "Contrast",
}
"""What the images differ in is offered."""
SORT_WORDS = {"path": "name", "finding": "finding", "shape": "shape"}
"""Shorter, for the chip."""
SECTIONS = {
    "": "No sections",
    "class": "By class",
    "part": "By part",
    "finding": "By finding",
    "patient": "By patient",
}
MORE = "More filters"
SORT = "Sort"
AS_LISTED = "As listed"
"""The order of images that were asked for elsewhere, in place of that of file names."""
BACKWARDS = "The other way round"
CLEAR = "Clear filters"
SEARCH = "Find a file or class"
SEARCH_HELP = "Shows the images whose file, folder, class or patient holds all these words (Ctrl+F)."
LARGER, SMALLER = "Larger", "Smaller"
LARGER_HELP = "The gallery takes the whole page (F)."
BIGGER_PICTURES, SMALLER_PICTURES = "Larger pictures (+)", "Smaller pictures (−)"
AGAIN = "Sort again"
AGAIN_HELP = "Images that you have changed stay in their places until you sort again (F5)."
TAKE_IN = "Take in again"
MOVE = "Move to…"
NO_MOVE = "Left out: take it in again first (T), then it can be moved."
PICK_SECTION = "Choose all"
SAME_PATIENT = "Show this patient's images"
INVERT = "Choose the others"
ALL = "Choose all"


def bits(number: int) -> str:
    return f"{number} bit{'s' * (number != 1)}"


def patient(pseudonym: str) -> str:
    return f"Patient {pseudonym}" if pseudonym else "Patient unknown"


def sorted_by(name: str, *, listed: bool) -> str:
    """The order in force, for its chip; ``listed`` images stand as elsewhere where no other is wished."""
    if listed and name == "path":
        return AS_LISTED.lower()
    return SORT_WORDS.get(name, SORTS[name].lower())


def option(words: str, images: int) -> str:
    """An entry of a filter's menu with the number of images that it would show."""
    return f"{words}  ({images:,})"


def change(edit: Edit) -> str:
    """The badge of an image that the user has changed."""
    if edit.kind == "relabel":
        return f"now {edit.value}"
    if edit.kind == "move":
        return f"now {common.PARTS.get(edit.value, edit.value)}"
    return "left out"


def to_part(part: str) -> str:
    return f"To {common.PARTS[part]}"


TOGETHER = "These belong together"


def divided(patients: int, others: int) -> str:
    """Say what a move would divide."""
    whose = f"of {count(patients, 'patient')}" if patients else "with the same pixels or of the same file"
    return (
        f"{count(others, 'more image')} {whose} would stay in another part. The same patient or picture in "
        "two parts makes results look better than they are."
    )


def move_all(images: int) -> str:
    return f"Move all {images:,} together"


def move_these(images: int) -> str:
    return f"Move only {'this one' if images == 1 else f'these {images:,}'}"


CANCEL = "Cancel"
