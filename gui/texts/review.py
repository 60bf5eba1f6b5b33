"""Words of the second look."""

from counterpoise.core.findings.words import count, duration, percent
from counterpoise.core.review.result import Doubt, Unlike

TITLE = "A second look at your labels"
WHAT = (
    "A network that knows everyday photographs looks at every image once and learns, from the images of "
    "other patients, what each class looks like. Where it is sure and the label says otherwise, the label "
    "may be wrong. It also finds images unlike the rest of their class, and near-copies across parts."
)
PROMISE = (
    "Nothing is changed: you look, and you decide. It takes seconds for some hundred images, minutes for "
    "thousands; a later quick training finds the work done."
)
START = "Take a second look"
AGAIN = "Look again"
CANCEL = "Cancel"
NO_CATALOG = "Choose images first: the step before this one reads them."
WITH_TEST = "Test images too"
WITH_TEST_HELP = (
    "Usually off: the test part stays closed. Mending only the test labels that a network doubts makes the "
    "result look better than it is. Turn it on where you will check all test labels."
)
STALE = "Labels or images have changed since this look. Look again when you are through: it takes seconds."
CANCELLED = "Cancelled. What was done so far is kept."
STAGES = {
    "scan": "Reading what has changed",
    "decode": "Preparing images",
    "scaling": "Measuring brightness",
    "embed": "The network looks at each image",
    "compare": "Looking for near-copies",
    "judge": "Comparing labels with what others show",
    "waiting": "Waiting for the disk",
}
TABS = {"doubts": "Label doubts", "unlike": "Unlike their class", "near": "Near-copies"}
TAB_HELP = {
    "doubts": "Rather another class; the unlikeliest labels first.",
    "unlike": "Another view, a wrong file, a rare case? The farthest first.",
    "near": "In two parts; also mirrored ones.",
}
EMPTY = {
    "doubts": "No label is doubted.",
    "unlike": "No image stands apart from its class.",
    "near": "No near-copies across parts besides those that stand among the findings.",
}
LIST = "Images worth a second look"
KEYS_HELP = (
    "Arrow keys move. Space looks closer. Enter relabels as suggested, C says that the label is right, "
    "X leaves out, R gives another label, Ctrl+Z takes back."
)
RIGHT = "The label is right (C)"
RIGHT_TAKEN_BACK = "Doubt it again (C)"
LEAVE_OUT = "Leave out (X)"
TAKE_IN = "Take in (X)"
OTHER = "Other label… (R)"
GALLERY = "All in the gallery"
CLOSER, SIDE_BY_SIDE = "Look closer (Space)", "Side by side (Space)"
LEAVE_FIRST, LEAVE_SECOND = "Leave first out", "Leave second out"
TAKE_FIRST, TAKE_SECOND = "Take first in", "Take second in"
MARKS = {
    "right": "label is right",
    "relabelled": "relabelled",
    "out": "left out",
    "gone": "not there any more",
}
CHOOSE = "Choose an image to see it larger."


def tab(name: str, number: int) -> str:
    return f"{TABS[name]} · {number:,}"


def relabel(label: str) -> str:
    return f"Relabel as {label} (Enter)"


def share(probability: float) -> str:
    """A probability that never claims to be certain."""
    words = "over 99 %" if probability > 0.99 else "under 1 %" if probability < 0.01 else percent(probability)
    return words.replace(" %", "\N{NO-BREAK SPACE}%")


def doubt(found: Doubt) -> tuple[str, str]:
    """Two lines under the picture: what it is called, what it rather is."""
    return found.label, f"rather {found.suggested}, {_short(found.suggested_probability)}"


def _short(probability: float) -> str:
    """A probability where room is scarce; 99 % stands for more, too."""
    return percent(min(probability, 0.99))


def badge(found: Doubt | Unlike) -> str:
    """The same in a word or two, on the picture in the gallery: what it might be comes first."""
    if isinstance(found, Doubt):
        return f"{found.suggested}? {_short(found.suggested_probability)}"
    return f"{found.distance:.1f} × as far"


def relabelled(before: str, now: str) -> str:
    return f"{before} → {now}"


def unlike(found: Unlike) -> tuple[str, str]:
    return found.label, f"{found.distance:.1f} × as far as usual"


def working(stage: str, done: int, total: int, seconds: float | None) -> str:
    """What goes on now, how far it is, and how long it will take."""
    words = STAGES.get(stage, "Working")
    if total:
        words += f": {done:,} of {total:,}"
    if seconds is not None and seconds >= 2:
        words += f", about {duration(seconds)} left"
    return words


def shown(tab_name: str, number: int) -> str:
    """The title of the gallery that shows all of a tab."""
    return f"{TABS[tab_name]} ({count(number, 'image')})"


def decided(number: int) -> str:
    return f"{count(number, 'label')} found right"


def chance(found: Doubt) -> str:
    return (
        f"By the other images, the network says {found.suggested}: {share(found.suggested_probability)}, "
        f"{found.label}: {share(found.probability)}."
    )


def far(found: Unlike) -> str:
    return (
        f"It is {found.distance:.1f} times as far from its nearest neighbours in {found.label} as usual: "
        "another view, a wrong file, or only a rare case?"
    )


def pair(similarity: float) -> str:
    return (
        f"The detail of both agrees to {percent(similarity)}. The same picture in two parts makes the result "
        "look better than it is."
    )
