"""The images of a dry run: one batch of the hardest, and others that stand for all."""

import dataclasses
import math

from counterpoise.core.catalog.types import Catalog, ImageRecord, Part

FEATURES_TRAIN = 768
"""Training images for a head, as far as the time allows: fewer are learnt by heart at once."""
NETWORK_TRAIN = 192
FEWEST_BATCHES = 3
MOST_VALIDATION = 64


@dataclasses.dataclass(frozen=True)
class Sample:
    """What is tried on; each image stands in one of the three."""

    hardest: tuple[ImageRecord, ...]
    """A batch: every class in turn, so the rarest too, and of each the largest images first."""
    typical: tuple[ImageRecord, ...]
    """Training images spread evenly over the part, as common as they are."""
    val: tuple[ImageRecord, ...]

    @property
    def images(self) -> tuple[ImageRecord, ...]:
        return (*self.hardest, *self.typical, *self.val)


def draw(catalog: Catalog, batch: int, mode: str) -> Sample:
    """Choose the images of a dry run with batches of ``batch``."""
    hardest = hardest_images(catalog, "train", batch)
    known = set(map(_key, hardest))
    rest = [image for image in catalog.part("train") if _key(image) not in known]
    wanted = max(FEATURES_TRAIN if mode == "features" else NETWORK_TRAIN, FEWEST_BATCHES * batch)
    return Sample(hardest, spread(rest, wanted - len(hardest)), spread(catalog.part("val"), MOST_VALIDATION))


def hardest_images(catalog: Catalog, part: Part, most: int) -> tuple[ImageRecord, ...]:
    """Return up to ``most`` images of a part: every class in turn, the largest images of each first."""
    by_label = {
        label: sorted(
            (image for image in catalog.part(part) if image.label == label),
            key=lambda image: (-image.width * image.height, image.content),
        )
        for label in catalog.labels
    }
    longest = max(map(len, by_label.values()), default=0)
    turns = (images[turn] for turn in range(longest) for images in by_label.values() if turn < len(images))
    return tuple(image for image, _ in zip(turns, range(most), strict=False))


def spread(images: "list[ImageRecord] | tuple[ImageRecord, ...]", most: int) -> tuple[ImageRecord, ...]:
    """Return at most ``most`` of ``images``, evenly spread over the order of their content.

    The order of content has nothing to do with class, patient or folder.
    """
    if most <= 0:
        return ()
    ordered = sorted(images, key=_key)
    step = max(1.0, len(ordered) / most)
    chosen = [ordered[math.floor(number * step)] for number in range(math.ceil(len(ordered) / step - 1e-9))]
    # Shuffled by a stride, so that a beginning of the list is as evenly spread as the whole.
    return tuple(chosen[start] for start in _bit_order(len(chosen)))


def _bit_order(count: int) -> list[int]:
    """Return 0 to ``count``-1 in van der Corput's order: any first few are spread over the whole."""
    width = max(1, (count - 1).bit_length())
    reversed_bits = (int(f"{number:0{width}b}"[::-1], 2) for number in range(2**width))
    return [number for number in reversed_bits if number < count]


def _key(image: ImageRecord) -> tuple[str, str, int]:
    return (image.content, image.path, image.frame)
