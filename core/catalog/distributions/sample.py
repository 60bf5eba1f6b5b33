"""Which images the pictures are made from: a few hundred of each class, the same ones every time."""

import hashlib
from collections.abc import Sequence
from heapq import nsmallest
from operator import attrgetter

from counterpoise.core.catalog.types import PARTS, Catalog, ImageRecord

PER_CLASS, IN_ALL, FEWEST = 200, 3000, 20
"""Images of a class; of all classes together, as long as each has the fewest."""
VERSION = 1
"""To be raised with every change of what is made from the sample."""


def used(catalog: Catalog) -> tuple[ImageRecord, ...]:
    """Return the images that stand in a part: what is trained and tested with."""
    return catalog.part(*PARTS)


def sample(catalog: Catalog) -> tuple[ImageRecord, ...]:
    """Return at most PER_CLASS images of each class, those of one class together.

    The ones with the smallest hashes: as good as drawn by chance, without a seed, and the sample hardly
    changes when images come or go.
    """
    by_class: dict[str, list[ImageRecord]] = {label: [] for label in catalog.labels}
    for image in used(catalog):
        by_class[image.label].append(image)
    most = min(PER_CLASS, max(FEWEST, IN_ALL // max(len(by_class), 1)))
    chosen = (nsmallest(most, images, key=attrgetter("content")) for images in by_class.values())
    return tuple(image for images in chosen for image in images)


def digest_of(labels: Sequence[str], images: Sequence[ImageRecord]) -> str:
    """Return 64 hexadecimal digits: what was made from other images or labels is out of date."""
    digest = hashlib.sha256(repr((VERSION, tuple(labels))).encode("utf-8", "backslashreplace"))
    for image in images:
        digest.update(f"{image.content} {image.label}\n".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
