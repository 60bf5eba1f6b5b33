"""The search for copies as a scan asks for it: with what was read just now and what the store keeps."""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

from counterpoise.core.catalog.alike.copies import Copies, Picture
from counterpoise.core.catalog.alike.find import find_copies
from counterpoise.core.catalog.measure import FileReading
from counterpoise.core.catalog.store import CatalogStore
from counterpoise.core.catalog.thumbnail_store import ThumbnailStore

Find = Callable[[Sequence[Picture]], Copies]


def finder(
    readings: Sequence[FileReading],
    store: CatalogStore | None,
    thumbnails: ThumbnailStore,
    kept: Path,
    pulse: Callable[[float], None],
    workers: int | None,
) -> Find:
    """Return what finds the copies among pictures of ``readings``; see ``find_copies``.

    Sketches are taken from the readings, else from ``store``, which must be open still; pictures to be
    compared from ``thumbnails``, else from the files.
    """
    sketches = partial(_sketches, readings, store)
    return lambda pictures: find_copies(pictures, sketches, kept, pulse, workers, thumbnails.folder)


def _sketches(
    readings: Sequence[FileReading], store: CatalogStore | None, contents: Iterable[str]
) -> dict[str, bytes]:
    wanted = set(contents)
    fresh = {f.content: f.sketch for r in readings for f in r.frames if f.sketch and f.content in wanted}
    missing = wanted - fresh.keys()
    if store is None or not missing:
        return fresh
    try:
        return {**store.sketches(missing), **fresh}
    except sqlite3.Error:  # the images whose sketches are lost have no copies until they are read anew
        return fresh
