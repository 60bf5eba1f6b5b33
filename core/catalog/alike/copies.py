"""What is known of the copies in a set: pairs of images that show the same picture."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from counterpoise.core.catalog.types import Key

Kind = Literal["copy", "near"]
"""``copy``: the same picture, resized or compressed anew. ``near``: nearly the same, a little cropped or
moved, brighter or darker."""


class Picture(NamedTuple):
    """An image that stands for all with the same pixels."""

    content: str
    key: Key
    file: str
    group: str
    """Patient; empty where unknown."""
    size: tuple[int, int]
    """Height and width."""


@dataclass(frozen=True, slots=True)
class CopyPair:
    """Two images of different pixels that show the same picture."""

    a: Key
    b: Key
    kind: Kind
    similarity: float
    """Of their detail once laid over each other, 0 to 1."""


@dataclass(frozen=True)
class Copies:
    """All pairs found; of images with the same pixels the first stands for the others."""

    pairs: tuple[CopyPair, ...] = ()
    unchecked: int = 0
    """Candidates that weren't looked at, because the set gave too many."""
    common: bool = False
    """Whether so many images are so alike (drawn ones of a few shapes, the frames of a film) that a pair
    may mean nothing: such pairs are kept together where that is possible, and told of as an info only."""
    whole: bool = True
    """Whether every candidate could be read; else the next scan asks again for those that couldn't."""
