"""Keeps what was read while it is read, so that a scan that is cut short can go on later."""

import sqlite3
import time
from collections.abc import Callable, Iterable

from counterpoise.core.catalog.listing import Candidate
from counterpoise.core.catalog.measure import FileReading
from counterpoise.core.catalog.store import CatalogStore, Known
from counterpoise.core.catalog.thumbnail_store import ThumbnailStore

_SAVE_EVERY = 5.0
"""Seconds between writes of what was read: so much is read again after a crash."""
_MOST_PICTURES = 2000
"""Thumbnails written at once: some 10 MB."""


class Saver:
    """Writes every few seconds and at the end, also when the scan is cut short."""

    def __init__(self, store: CatalogStore | None, thumbnails: ThumbnailStore | None = None) -> None:
        self._store = store
        self._thumbnails = thumbnails
        self._waiting: dict[str, Known] = {}
        self._pictures: list[tuple[str, bytes]] = []
        self._saved = time.monotonic()

    def __enter__(self) -> "Saver":
        return self

    def __exit__(self, *exception: object) -> None:
        self._save()

    def add(self, candidate: Candidate, reading: FileReading) -> None:
        frames = reading.frames
        self._pictures += zip((frame.content for frame in frames), reading.thumbnails, strict=True)
        without = FileReading(frames, reading.reason, reading.code)
        self._waiting[candidate.file] = Known(candidate.size, candidate.mtime_ns, without)
        if len(self._pictures) > _MOST_PICTURES or time.monotonic() - self._saved > _SAVE_EVERY:
            self._save()

    def forget(self, files: Iterable[str]) -> None:
        """Drop what was known of files that are no longer there."""
        self._write(lambda store: store.forget(files), bool(files))

    def _save(self) -> None:
        waiting, self._waiting = self._waiting, {}
        pictures, self._pictures = self._pictures, []
        self._write(lambda store: store.save(waiting), bool(waiting))
        if self._thumbnails is not None:
            self._thumbnails.put_packed(pictures)
        self._saved = time.monotonic()

    def _write(self, write: Callable[[CatalogStore], None], needed: bool) -> None:
        if self._store is None or not needed:
            return
        try:
            write(self._store)
        except sqlite3.Error:  # a full disk, a share that went away: go on without memory
            self._store = None
