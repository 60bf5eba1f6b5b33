"""What a move to another part would divide: patients, copies, frames of one file. No Qt."""

from collections.abc import Sequence
from dataclasses import dataclass

from counterpoise.core.catalog.types import ImageRecord, Part


@dataclass(frozen=True)
class Divided:
    """What belongs to the images that are moved, and would stay elsewhere."""

    others: tuple[ImageRecord, ...]
    patients: int
    """Patients that would stand in two parts."""

    def __bool__(self) -> bool:
        return bool(self.others)


def divided(images: Sequence[ImageRecord], moved: Sequence[ImageRecord], part: Part) -> Divided:
    """Return what moving ``moved`` to ``part`` would leave of their patients, copies and files in others.

    Images that are left out stand in no part and don't matter.
    """
    own = {(image.path, image.frame) for image in moved}
    patients = {image.group for image in moved if image.group}
    contents = {image.content for image in moved}
    files = {image.path for image in moved if image.frame >= 0}
    others = tuple(
        image
        for image in images
        if image.part not in ("", part)
        and (image.group in patients or image.content in contents or image.path in files)
        and (image.path, image.frame) not in own
    )
    return Divided(others, len({image.group for image in others if image.group} & patients))
