"""A first catalog of what was read so far, so that images can be looked at while the others are read."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from counterpoise.core.catalog.assemble import assemble
from counterpoise.core.catalog.listing import Listing
from counterpoise.core.catalog.measure import FileReading
from counterpoise.core.catalog.types import Catalog, Sources
from counterpoise.core.settings import DataSettings
from counterpoise.core.study.edits import Edit

FIRST_AFTER = 2.0
"""Seconds of reading: a scan that is over by then needs no early catalog."""
GROWTH = 2
"""So many times the files of the last one: all of them together cost less than the last."""


class Early:
    """Gives early catalogs to ``tell`` while readings come in, each of twice the files of the one before."""

    def __init__(
        self,
        tell: Callable[[Catalog], None] | None,
        make: Callable[[Mapping[int, FileReading]], Catalog | None],
    ) -> None:
        self._tell = tell
        self._make = make
        self._readings: dict[int, FileReading] = {}
        self._next = 1
        self._not_before = time.monotonic() + FIRST_AFTER

    def came(self, index: int, reading: FileReading, known: bool) -> None:
        """Take the reading of the candidate at ``index``; those ``known`` before come all at once."""
        if self._tell is None:
            return
        self._readings[index] = reading
        if not known and len(self._readings) >= self._next and time.monotonic() > self._not_before:
            self.tell()

    def tell(self) -> None:
        """Give the catalog of what has come so far."""
        if self._tell is None:
            return
        catalog = self._make(self._readings)
        if catalog is not None:
            self._tell(catalog)
            self._next = GROWTH * len(self._readings)
            self._not_before = time.monotonic() + FIRST_AFTER


def assemble_early(
    sources: Sources,
    settings: DataSettings,
    listing: Listing,
    readings: Mapping[int, FileReading],
    edits: Sequence[Edit],
    secret: bytes,
) -> Catalog | None:
    """Return the catalog of some of the candidates, by index; None where they give no image.

    It says how many files are ``unread``, and nothing about the data: that takes all of them.
    """
    read = sorted(readings)
    if not any(readings[index].frames for index in read):
        return None
    some = replace(listing, candidates=[listing.candidates[index] for index in read])
    found = [readings[index] for index in read]
    catalog = assemble(sources, settings, some, found, edits, secret, judged=False)
    return replace(catalog, unread=len(listing.candidates) - len(read))
