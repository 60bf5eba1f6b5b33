"""What a review found: a plain value that can be printed, saved and shown."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from counterpoise.core.catalog.alike.copies import CopyPair
from counterpoise.core.catalog.types import Key


@dataclass(frozen=True)
class Doubt:
    """An image whose label disagrees with what other patients' images say: a suggestion, never a verdict."""

    path: str
    frame: int
    content: str
    label: str
    suggested: str
    probability: float
    """Of its own label, by a model that hasn't learned from it (0 to 1)."""
    suggested_probability: float
    score: float
    """Below 0: the lower, the likelier the label is wrong."""

    @property
    def key(self) -> Key:
        return self.path, self.frame


@dataclass(frozen=True)
class Unlike:
    """An image far from all others of its class."""

    path: str
    frame: int
    content: str
    label: str
    distance: float
    """To its neighbours in its class, in units of what is usual there (the median is 1)."""

    @property
    def key(self) -> Key:
        return self.path, self.frame


@dataclass(frozen=True)
class Estimate:
    """How many of ``of`` labels are wrong, with a 95 % interval."""

    value: int
    low: int
    high: int
    of: int


@dataclass(frozen=True)
class Trial:
    """What became of labels turned on purpose, on these images: how far a look can be trusted."""

    turned: int
    first: int
    """Doubts among which they were looked for."""
    found: float
    """The share of them that stood there (0 to 1)."""


@dataclass(frozen=True)
class Review:
    """Doubts come likeliest first, ``unlike`` farthest first, ``near`` most alike first."""

    digest: str
    """Of the images, labels, patients and parts it was made from (see ``digest_of``)."""
    images: int
    """Judged."""
    classes: Mapping[str, int]
    """Images judged per class."""
    too_small: tuple[str, ...]
    """Classes with too few patients or images to judge any of theirs."""
    with_test: bool
    """Whether labels of the test part were judged too."""
    estimate: Estimate
    doubts: tuple[Doubt, ...]
    unlike: tuple[Unlike, ...]
    near: tuple[CopyPair, ...]
    trial: Trial | None = None
    """None where there are too few images for one."""
    relabelled: int = 0
    """Labels that a person has mended already, most likely the clearest: those left are harder to count."""

    @property
    def fewest(self) -> int:
        """Images of the smallest class judged."""
        return min(self.classes.values(), default=0)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_json(values: Mapping[str, Any]) -> "Review":
        """Undo ``to_json`` (also after a trip through text); raises KeyError, TypeError or ValueError."""
        known = dict(values)
        return Review(
            digest=str(known["digest"]),
            images=int(known["images"]),
            classes=dict(known["classes"]),
            too_small=tuple(known["too_small"]),
            with_test=bool(known["with_test"]),
            estimate=Estimate(**known["estimate"]),
            doubts=tuple(Doubt(**entry) for entry in known["doubts"]),
            unlike=tuple(Unlike(**entry) for entry in known["unlike"]),
            near=tuple(_pair(entry) for entry in known["near"]),
            trial=Trial(**known["trial"]) if known.get("trial") else None,
            relabelled=int(known.get("relabelled", 0)),
        )


def _pair(entry: Mapping[str, Any]) -> CopyPair:
    a, b = ((str(path), int(frame)) for path, frame in (entry["a"], entry["b"]))
    return CopyPair(a, b, entry["kind"], float(entry["similarity"]))
