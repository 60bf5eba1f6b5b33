"""Words of the view of two images side by side."""

from typing import TYPE_CHECKING

from counterpoise.core.catalog.types import ImageRecord
from counterpoise.gui.texts import common
from counterpoise.gui.texts.viewer import value

if TYPE_CHECKING:
    from counterpoise.core.pixels.difference import Difference

BACK = "Back to the overview"
PREVIOUS = "Previous pair"
NEXT = "Next pair"
DIFFERENCE = "Difference"
DIFFERENCE_HELP = "Shows where the two differ, once the larger has the size of the smaller."
INVERT = "Invert"
KEYS = (
    "← →: pairs · 1, 2: leave out the left or the right one, again: take it in · "
    "D: difference · wheel, + −: zoom both · drag: move both · Shift + drag: window"
)
COMPARING = "Comparing…"
NOT_COMPARED = "One of the two can't be shown, so they can't be compared."
LEFT, RIGHT = "Left image", "Right image"
LEFT_OUT = "left out"
KINDS = {
    "same": "The very same pixels.",
    "copy": "The same picture, stored anew in another size or format.",
    "near": "Nearly the same picture: a little cropped, moved, brighter or darker.",
    "": "Alike, but not surely the same picture. Look closely.",
}
UNDO = "Undo"
LEAST_SHARE = 0.0001
"""Of the range; what differs by less isn't told more exactly."""


def place(number: int, count: int, title: str) -> str:
    pair = f"Pair {number + 1:,} of {count:,}"
    return f"{pair} · {title}" if title else pair


def leave_out(number: int) -> str:
    """The button below one of the two, with its key."""
    return f"Leave out ({number})"


def take_in(number: int) -> str:
    return f"Take in again ({number})"


def was_left_out(name: str) -> str:
    return f"{name} is left out of training and of every figure."


def size(image: ImageRecord) -> str:
    return f"{image.width:,} × {image.height:,}"


def stored(image: ImageRecord) -> str:
    """Format and depth."""
    return f"{image.format}, {image.bits} bits{'' if image.channels == 1 else ', colour'}"


def differing(a: ImageRecord, b: ImageRecord) -> str:
    """In what two images differ, and what they share."""
    rows = [
        ("class", a.label, b.label),
        ("part", common.PARTS[a.part], common.PARTS[b.part]),
        ("size", size(a), size(b)),
        ("format", stored(a), stored(b)),
    ]
    differ = [f"{name} ({left} and {right})" for name, left, right in rows if left != right]
    same = [name for name, left, right in rows if left == right]
    if a.group and b.group:
        (same if a.group == b.group else differ).append("patient")
    words = [f"They differ in {_listed(differ)}." if differ else "", f"Same {_listed(same)}." if same else ""]
    return " ".join(filter(None, words))


def advice(a: ImageRecord, b: ImageRecord) -> str:
    """What to do about the pair; empty where nothing needs to be done."""
    if not a.part or not b.part:
        return ""
    if a.label != b.label:
        return "One picture under two classes: at most one label is right. Leave out the wrong one, or both."
    if a.part != b.part:
        where = {a.part: "left", b.part: "right"}
        if "train" in where:
            return f"Leave out the one in training, on the {where['train']}: then the result stays honest."
        return "Leave out one of the two: then it is counted once."
    return "In one part and one class: no harm beyond counting double."


def compared(found: "Difference") -> str:
    """How much they differ, in figures."""
    if found.is_none:
        return "No difference in any pixel."
    alike = "" if found.correlation != found.correlation else f" Correlation {found.correlation:.3f}."
    mean, largest = (_percent(number / found.full) for number in (found.mean, found.largest))
    ranges = " Each is seen in its own range." if found.own_ranges else ""
    return f"They differ by {mean} of the range on average, by {largest} at most.{alike}{ranges}"


def _percent(share: float) -> str:
    """Two digits, never with an exponent."""
    if share < LEAST_SHARE:
        return f"less than {100 * LEAST_SHARE:g} %"
    return f"{100 * share:.0f} %" if share >= 0.0995 else f"{100 * share:.2g} %"


def bright(highest: float) -> str:
    """What white means in the picture of the difference."""
    return f"{DIFFERENCE}: white is {value(highest)} or more"


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
