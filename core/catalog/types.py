"""The catalog as a value: where images come from, what is known of each, what was left out."""

from bisect import bisect_left
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter
from pathlib import Path
from typing import Any, Literal

from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.findings import Finding

Part = Literal["train", "val", "test", ""]
PARTS: tuple[Part, ...] = ("train", "val", "test")
PART_NAMES = {"train": "training", "val": "validation", "test": "test"}
"""As sentences call them."""
Units = Literal["uint8", "uint16", "dicom", "float"]
"""Of pixels: 0 to 255, 0 to 65535, rescaled DICOM values, the file's own floats."""
Key = tuple[str, int]
"""Path and frame of an image."""
NO_FRAME = -1
"""Value of ``frame`` for a file that holds one image."""


@dataclass(frozen=True)
class Sources:
    """Where the images lie: one root, or named class folders in different places."""

    root: Path | None = None
    classes: tuple[tuple[str, Path], ...] = ()
    labels: Path | None = None
    study: Path | None = None
    """The study these sources belong to; None where DATA is plain folders."""
    loose: bool = False
    """Take every file below ``root``, whatever its folder, without a label: a run knows them."""

    def locate(self, path: str) -> Path:
        """Return the absolute file of a catalog path (with ``--class``: ``NAME/relative path``).

        Where several folders of one NAME hold the same relative path, those of the second and later
        folders are written ``NAME/~2/relative path``. Raises CounterpoiseError for an unknown NAME.
        """
        if self.root is not None:
            return self.root / path
        name, _, rest = path.partition("/")
        folders = [folder for label, folder in self.classes if label == name]
        if not folders:
            raise CounterpoiseError(
                f"'{path}' belongs to none of the class folders given. Give --class {name}=FOLDER too."
            )
        mark, _, inner = rest.partition("/")
        number = int(mark[1:]) if mark[:1] == "~" and mark[1:].isdecimal() else 0
        if 2 <= number <= len(folders) and (folders[number - 1] / inner).exists():
            return folders[number - 1] / inner
        found = (folder / rest for folder in folders if (folder / rest).exists())
        return next(found, folders[0] / rest)


@dataclass(frozen=True, slots=True)
class ImageRecord:
    """One readable frame."""

    path: str
    """Relative to DATA, with ``/``; with ``--class`` it is ``NAME/relative path``."""
    frame: int
    """From 0; NO_FRAME for files of one image."""
    label: str
    group: str
    """Pseudonym of the patient; empty where patients are unknown."""
    part: Part
    """Empty where the image is left out of training (a copy, an excluded one)."""
    content: str
    """SHA-256 (hex) of the decoded pixels."""
    width: int
    height: int
    channels: int
    """1 or 3."""
    bits: int
    """Bits stored per sample: 8, 12, 16, 32."""
    units: Units
    format: str
    """As the content says: JPEG, PNG, TIFF, DICOM ..."""
    minimum: float
    maximum: float
    mean: float
    std: float
    """Of all finite pixels that aren't padding, in the units of the source."""
    edge: float = float("nan")
    """Mean of the outermost rows and columns, in the same units."""


_VALUES = attrgetter(*ImageRecord.__slots__)


def records(columns: Sequence[Sequence[Any]]) -> tuple[ImageRecord, ...]:
    """Return the images of which each column holds one value, in the order of the fields.

    By column: 100,000 images in a third of the time that as many calls take. Raises ValueError where the
    columns differ in length.
    """
    if len({len(column) for column in columns}) > 1:
        raise ValueError("the columns of the images differ in length")
    made = [object.__new__(ImageRecord) for _ in columns[0]]
    for name, column in zip(ImageRecord.__slots__, columns, strict=True):
        deque(map(getattr(ImageRecord, name).__set__, made, column), maxlen=0)
    return tuple(made)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that gives no image, with the reason in a few words."""

    path: str
    reason: str
    code: str = "unsupported-file"


@dataclass(frozen=True)
class Catalog:
    """All images of a study with their parts, and what was found about them."""

    sources: Sources
    images: tuple[ImageRecord, ...]
    """Sorted by path and frame."""
    skipped: tuple[Skipped, ...]
    files: int
    """Files seen, readable or not."""
    findings: tuple[Finding, ...] = field(default=())
    empty_classes: tuple[str, ...] = ()
    """Class folders without a readable image."""
    own_parts: tuple[Part, ...] = ()
    """Parts that DATA itself has; the others were made."""
    excluded: frozenset[Key] = frozenset()
    """Path and frame of the images that the user left out; they stand in ``images`` with part ``""``."""
    public_names: Mapping[str, str] = field(default_factory=dict)
    """What stands for a path that identifies someone in every file that leaves the study."""
    group_source: str = "none"
    """Where patients are taken from: ``csv``, ``patient-id``, ``name``, ``folder`` or ``none``."""
    unread: int = 0
    """Files that weren't read yet: with any, there is nothing to judge or train with, only to look at."""

    def __getstate__(self) -> dict[str, Any]:
        # By columns: 100,000 images go to another process in a third of the time that they take one by one.
        state = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return state | {"images": tuple(zip(*map(_VALUES, self.images), strict=True))}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, images=records(state["images"]) if state["images"] else ())

    def public_path(self, path: str) -> str:
        """Return ``path`` as files that leave the study name it (``img-<hash>`` where it identifies)."""
        return self.public_names.get(path, path)

    @cached_property
    def present(self) -> tuple[ImageRecord, ...]:
        """Images that the user hasn't left out; copies that are kept once are among them."""
        if not self.excluded:
            return self.images
        return tuple(image for image in self.images if (image.path, image.frame) not in self.excluded)

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """Class names in order; a class that the user left out whole is none."""
        return tuple(sorted({image.label for image in self.present} | set(self.empty_classes)))

    def named(self, key: Key) -> list[ImageRecord]:
        """Return the image of that path and frame, or nothing."""
        place = bisect_left(self.images, key, key=attrgetter("path", "frame"))
        return [image for image in self.images[place : place + 1] if (image.path, image.frame) == key]

    def has(self, path: str) -> bool:
        """Whether a file gave an image; found by halves, so that 100,000 images needn't be asked."""
        place = bisect_left(self.images, path, key=attrgetter("path"))
        return place < len(self.images) and self.images[place].path == path

    def part(self, *names: Part) -> tuple[ImageRecord, ...]:
        """Return the images of the given parts, in catalog order."""
        return tuple(image for image in self.images if image.part in names)

    @cached_property
    def _tally(self) -> Counter[tuple[str, Part]]:
        return Counter(map(attrgetter("label", "part"), self.present))

    def counts(self, part: Part | None = None) -> dict[str, int]:
        """Images per class, in the order of ``labels``, of one part or (None) of all present ones."""
        parts = ("", *PARTS) if part is None else (part,)
        return {label: sum(self._tally[label, name] for name in parts) for label in self.labels}


def groups(images: Sequence[ImageRecord]) -> int:
    """Number of patients; an image of unknown patient counts as one of its own."""
    known = {image.group for image in images if image.group}
    return len(known) + sum(not image.group for image in images)
