"""What was done to images, in a few words."""

from counterpoise.core.findings.words import count
from counterpoise.core.study.edits import Batch
from counterpoise.gui.texts import common

COPY_COUNTS_ONCE = (
    "A copy counts once: another image with the same pixels is in use. Leave that one out, and this one "
    "takes its place."
)


def done(batch: Batch) -> str:
    """Say what was done in one go."""
    images, value = count(len(batch), "image"), batch[0].value
    return {
        "relabel": f"{images} relabelled {value}",
        "exclude": f"{images} left out",
        "restore": f"{images} taken in again",
        "move": f"{images} moved to {common.PARTS.get(value, value)}",
    }.get(batch[0].kind, images)
