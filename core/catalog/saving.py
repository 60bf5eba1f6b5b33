"""Keeps what was read while it is read, so that a scan that is cut short can go on later."""

import sqlite3
import time
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor

from counterpoise.core.catalog.listing import Candidate
from counterpoise.core.catalog.measure import FileReading
from counterpoise.core.catalog.store import CatalogStore, Known
from counterpoise.core.catalog.thumbnail_store import ThumbnailStore

_SAVE_EVERY = 5.0
"""Seconds between writes of what was read: so much is read again after a crash."""
_MOST_BYTES = 20_000_000
"""Of thumbnails that wait to be written."""


class Saver:
    """Writes every few seconds and at the end, also when the scan is cut short.

    In a thread of its own: a disk takes its time until all is safe, and the workers would wait for it.
    """

    def __init__(self, store: CatalogStore | None, thumbnails: ThumbnailStore | None = None) -> None:
        self._store = store
        self._thumbnails = thumbnails
        self._waiting: dict[str, Known] = {}
        self._pictures: list[tuple[str, bytes]] = []
        self._bytes = 0
        self._saved = time.monotonic()
        self._thread = ThreadPoolExecutor(1, "saving")
        self._writing: Future[None] | None = None

    def __enter__(self) -> "Saver":
        return self

    def __exit__(self, *exception: object) -> None:
        self._save()
        self._thread.shutdown()
        self._wait()

    def add(self, candidate: Candidate, reading: FileReading) -> None:
        frames = reading.frames
        self._pictures += zip((frame.content for frame in frames), reading.thumbnails, strict=True)
        self._bytes += sum(map(len, reading.thumbnails))
        without = FileReading(frames, reading.reason, reading.code)
        self._waiting[candidate.file] = Known(candidate.size, candidate.mtime_ns, without)
        if self._bytes > _MOST_BYTES or time.monotonic() - self._saved > _SAVE_EVERY:
            self._save()

    def forget(self, files: Iterable[str]) -> None:
        """Drop what was known of files that are no longer there."""
        gone = tuple(files)
        if gone:
            self._wait()
            self._writing = self._thread.submit(self._forget, gone)

    def _save(self) -> None:
        if self._waiting:
            self._wait()  # so that never more than two batches are in memory
            self._writing = self._thread.submit(self._write, self._waiting, self._pictures)
            self._waiting, self._pictures, self._bytes = {}, [], 0
        self._saved = time.monotonic()

    def _wait(self) -> None:
        """Wait until the batch before is written; what nobody foresaw is raised here."""
        writing, self._writing = self._writing, None
        if writing is not None:
            writing.result()

    # ---- in the thread; a full disk, a share that went away: the scan goes on without memory

    def _forget(self, files: tuple[str, ...]) -> None:
        if self._store is not None:
            try:
                self._store.forget(files)
            except sqlite3.Error:
                self._store = None

    def _write(self, readings: dict[str, Known], pictures: list[tuple[str, bytes]]) -> None:
        if self._store is not None:
            try:
                self._store.save(readings)
            except sqlite3.Error:
                self._store = None
        if self._thumbnails is not None:
            self._thumbnails.put_packed(pictures)
