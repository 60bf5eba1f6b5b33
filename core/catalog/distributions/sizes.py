"""Width and height of the images of each class, as points."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from counterpoise.core.catalog.types import ImageRecord

MOST = 1200
"""Points that are drawn one by one; more sizes are put together in steps of 2, 4, 8 ... pixels."""


@dataclass(frozen=True)
class SizePoint:
    """Images of one class and (nearly) one size."""

    label: str
    width: int
    height: int
    images: int


@dataclass(frozen=True)
class Sizes:
    """All points, and the width of the steps they were put together in."""

    points: tuple[SizePoint, ...]
    step: int = 1

    @property
    def only(self) -> tuple[int, int] | None:
        """Width and height where all images have the same."""
        found = {(point.width, point.height) for point in self.points}
        return found.pop() if len(found) == 1 and self.step == 1 else None

    @property
    def spans(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Ends of an axis of widths and of one of heights: neither is narrower than a tenth of its end."""
        wide = _span([point.width for point in self.points])
        return wide, _span([point.height for point in self.points])

    def holds(self, point: SizePoint, image: ImageRecord) -> bool:
        """Whether an image is one of a point's."""
        place = _stepped(image.width, self.step), _stepped(image.height, self.step)
        return image.label == point.label and place == (point.width, point.height)


def sizes_of(images: Iterable[ImageRecord]) -> Sizes:
    """Return the points, those of many images first, so that rare ones lie on top."""
    counted = Counter((image.label, image.width, image.height) for image in images)
    step = 1
    while len(counted) > MOST:
        step *= 2
        coarser: Counter[tuple[str, int, int]] = Counter()
        for (label, width, height), number in counted.items():
            coarser[label, _stepped(width, step), _stepped(height, step)] += number
        counted = coarser
    return Sizes(tuple(SizePoint(*key, number) for key, number in counted.most_common()), step)


def _span(values: Sequence[int]) -> tuple[float, float]:
    low, high = min(values, default=0), max(values, default=1)
    slack = max(0.0, (0.1 * high - (high - low)) / 2)
    return low - slack, high + slack


def _stepped(pixels: int, step: int) -> int:
    """Return the middle of the step that a number of pixels lies in."""
    return pixels if step == 1 else pixels // step * step + step // 2
