"""What is said beside the pictures of the data, in the window and in the report."""

from collections.abc import Sequence

from counterpoise.core.catalog.distributions.kinds import Kind
from counterpoise.core.catalog.distributions.pictures import Pictures
from counterpoise.core.catalog.distributions.sizes import Sizes
from counterpoise.core.findings.words import count

TITLES = {
    "brightness": "How bright each class is",
    "sizes": "How large the images are",
    "average": "The average image of each class",
    "kinds": "How the images are stored",
}
LOOK_FOR = {
    "brightness": (
        "Look for a class whose curve lies apart or has a peak of its own: another machine or another border "
        "could give it away."
    ),
    "sizes": (
        "Look for a class that lies apart from the others: its size alone would tell it, and that isn't what "
        "the network should learn."
    ),
    "average": (
        "Look for what only one class has and no disease explains: a letter, a frame, a dark corner, another "
        "position."
    ),
    "kinds": (
        "Look for a format, a depth or a colour that only one class has: such a trace of how it was stored "
        "is easier to learn than the disease."
    ),
}
"""One sentence for each picture."""
SCALES = {
    "uint8": "grey value, 0 to 255",
    "uint16": "grey value, 0 to 65,535",
    "dicom": "value of the DICOM file",
    "float": "value of the file",
    "mixed": "value, as each file has it",
}
SPREAD = "standard deviation"
MEAN = "mean"


def look_for(name: str, sizes: Sizes, kinds: Sequence[Kind]) -> str:
    """Return the sentence beside a picture; none where all images are alike and there is no picture."""
    alike = {"sizes": sizes.only is not None, "kinds": len(kinds) == 1}
    return "" if alike.get(name) else LOOK_FOR[name]


def axis_of(pictures: Pictures) -> str:
    """Return the words under the axis of the grey values."""
    return SCALES[pictures.scale]


def about_curves(pictures: Pictures) -> str:
    """Return what a curve and a dot are."""
    return (
        f"Curve: share of the pixels (its square root) in {count(sum(pictures.images), 'image')}; behind it "
        "the other classes. Dots: the mean of single images."
    )


def about_sizes(sizes: Sizes) -> str:
    """Return what a sign stands for, or that all are alike."""
    if sizes.only is not None:
        return "All images are {:,} × {:,} pixels: size gives no class away.".format(*sizes.only)
    stepped = f", in steps of {sizes.step} pixels" if sizes.step > 1 else ""
    return f"One sign for each size of a class{stepped}; the larger it is, the more images."


def about_average(pictures: Pictures) -> str:
    """Return what the two images of a class are."""
    one, many = min(pictures.images, default=0), max(pictures.images, default=0)
    number = f"{one:,} to {many:,} images" if one != many else count(many, "image")
    return (
        f"From {number} of each class, brought to one size and shown in one window. Beside the mean, where "
        "images of the class differ from each other (standard deviation): bright is much."
    )


def about_kinds(kinds: Sequence[Kind]) -> str:
    """Return that all are alike, or nothing."""
    return f"All images are {kinds[0].words}: that gives no class away." if len(kinds) == 1 else ""


def not_read(pictures: Pictures) -> str:
    """Return how many images can't be read any more, or nothing."""
    if not pictures.unread:
        return ""
    number = count(pictures.unread, "image isn't", "images aren't")
    return f"{number} in these pictures: the files can't be read now."
