"""In which kinds of file each class comes."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from counterpoise.core.catalog.types import ImageRecord

COLOUR = {1: "grey", 3: "colour"}


@dataclass(frozen=True)
class Kind:
    """One way of storing, and how many images of each class are stored so."""

    format: str
    bits: int
    colour: str
    """``grey`` or ``colour``."""
    images: tuple[int, ...]
    """In the order of the classes."""

    @property
    def words(self) -> str:
        return f"{self.format}, {self.bits} bits, {self.colour}"

    def holds(self, image: ImageRecord) -> bool:
        """Whether an image is stored so."""
        return (image.format, image.bits, COLOUR[image.channels]) == (self.format, self.bits, self.colour)


def kinds_of(images: Iterable[ImageRecord], labels: Sequence[str]) -> tuple[Kind, ...]:
    """Return the kinds, the most frequent first."""
    counted = Counter((i.format, i.bits, COLOUR[i.channels], i.label) for i in images)
    totals: Counter[tuple[str, int, str]] = Counter()
    for (form, bits, colour, _), number in counted.items():
        totals[form, bits, colour] += number
    return tuple(
        Kind(*key, tuple(counted[(*key, label)] for label in labels)) for key, _ in totals.most_common()
    )
