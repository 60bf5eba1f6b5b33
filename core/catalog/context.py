"""What the rules about data look at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from counterpoise.core.catalog.alike.copies import Copies, CopyPair
from counterpoise.core.catalog.groups import GroupSource
from counterpoise.core.catalog.labels_csv import LabelTable
from counterpoise.core.catalog.types import Catalog, ImageRecord, Key, Part
from counterpoise.core.settings import DataSettings

Notes = tuple[tuple[str, Mapping[str, Any]], ...]


@dataclass(frozen=True)
class Context:
    """A catalog with what else the scan knows."""

    catalog: Catalog
    settings: DataSettings
    group_source: GroupSource = "none"
    table: LabelTable | None = None
    made: tuple[Part, ...] = ()
    """Parts taken from the others, because DATA lacks them."""
    copies: frozenset[Key] = frozenset()
    """Images left out because the same pixels stand in the same class and part already."""
    notes: Mapping[Key, Notes] = field(default_factory=dict)
    """What readers noted of an image: code of a finding, evidence."""
    alike: Copies = field(default_factory=Copies)
    """Pairs that show the same picture, without having the same pixels."""

    @cached_property
    def used(self) -> tuple[ImageRecord, ...]:
        """Images that stand in a part."""
        return tuple(image for image in self.catalog.images if image.part)

    @property
    def present(self) -> tuple[ImageRecord, ...]:
        """Images that the user hasn't left out, copies included."""
        return self.catalog.present

    @cached_property
    def by_content(self) -> dict[str, list[ImageRecord]]:
        """Present images that share their pixels with others."""
        found: dict[str, list[ImageRecord]] = {}
        for image in self.present:
            found.setdefault(image.content, []).append(image)
        return {content: images for content, images in found.items() if len(images) > 1}

    @property
    def told_alike(self) -> tuple[CopyPair, ...]:
        """Pairs worth telling of."""
        return () if self.alike.common else self.alike.pairs

    @cached_property
    def by_picture(self) -> list[list[ImageRecord]]:
        """Present images that show the same picture as others: same pixels, resized, compressed anew."""
        content_of = {(image.path, image.frame): image.content for image in self.catalog.images}
        joined = [(content_of[p.a], content_of[p.b]) for p in self.told_alike if p.kind == "copy"]
        first: dict[str, str] = {}

        def root(content: str) -> str:
            while content in first:
                content = first[content]
            return content

        for a, b in joined:
            low, high = sorted((root(a), root(b)))
            if low != high:
                first[high] = low
        found: dict[str, list[ImageRecord]] = {}
        for image in self.present:
            found.setdefault(root(image.content), []).append(image)
        return [images for images in found.values() if len(images) > 1]

    @property
    def has_groups(self) -> bool:
        """Whether some images belong together: to a patient, or as frames of one file."""
        return any(image.group for image in self.used)

    @property
    def knows_patients(self) -> bool:
        return self.group_source != "none" and any(image.group for image in self.used)
