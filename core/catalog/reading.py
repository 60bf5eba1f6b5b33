"""The reading of every file: from the store where it hasn't changed, else from worker processes."""

import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from counterpoise.core.catalog.listing import Candidate
from counterpoise.core.catalog.measure import FileReading, measure
from counterpoise.core.catalog.progress import Watch
from counterpoise.core.catalog.store import CatalogStore, Known
from counterpoise.core.jobs.pool import WorkerDied, robust_map

SECONDS_PER_FILE = 60.0
_SAVE_EVERY = 5.0
"""Seconds between writes of what was read: so much is read again after a crash."""
_FEW_FILES = 200
_FEW_BYTES = 10_000_000
_EVERYDAY = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".txt", ".csv", ".md")


def read_all(
    candidates: Sequence[Candidate],
    store: CatalogStore | None,
    secret: bytes,
    watch: Watch,
    workers: int | None = None,
) -> list[FileReading]:
    """Return the reading of each candidate, in their order; what was read anew is kept in ``store``."""
    known = _known(store)
    readings: list[FileReading | None] = []
    changed: list[int] = []
    for index, candidate in enumerate(candidates):
        before = known.pop(candidate.file, None)
        if before is not None and before[:2] == (candidate.size, candidate.mtime_ns):
            readings.append(before.reading)
            watch.saw(candidate, before.reading)
        else:
            readings.append(None)
            changed.append(index)
    with _Saver(store) as saver:
        saver.forget(known)
        for index, reading in _read_files([candidates[i] for i in changed], secret, workers):
            candidate = candidates[changed[index]]
            if isinstance(reading, WorkerDied):
                reading = FileReading((), reading.reason, "unreadable-image", passing=True)
            if not reading.passing:
                saver.add(candidate, reading)
            readings[changed[index]] = reading
            watch.saw(candidate, reading)
    return [reading for reading in readings if reading is not None]


def _known(store: CatalogStore | None) -> dict[str, Known]:
    try:
        return store.load() if store is not None else {}
    except sqlite3.Error:
        return {}


def _read_files(
    candidates: Sequence[Candidate], secret: bytes, workers: int | None
) -> Iterator[tuple[int, FileReading | WorkerDied]]:
    files = [candidate.file for candidate in candidates]
    if _are_harmless(candidates):
        return ((index, measure(file, secret)) for index, file in enumerate(files))
    return robust_map(
        partial(measure, secret=secret),
        files,
        workers=workers or os.cpu_count(),
        timeout=SECONDS_PER_FILE,
    )


def _are_harmless(candidates: Sequence[Candidate]) -> bool:
    """Whether files are few, small and of the everyday formats.

    Starting a process costs as much as reading a few hundred of them. Other formats are decoded by
    libraries that a damaged file can crash, and a worker then takes only its file with it.
    """
    return (
        len(candidates) < _FEW_FILES
        and sum(candidate.size for candidate in candidates) < _FEW_BYTES
        and all(candidate.file.lower().endswith(_EVERYDAY) for candidate in candidates)
    )


class _Saver:
    """Keeps readings every few seconds and at the end, also when the scan is cut short."""

    def __init__(self, store: CatalogStore | None) -> None:
        self._store = store
        self._waiting: dict[str, Known] = {}
        self._saved = time.monotonic()

    def __enter__(self) -> "_Saver":
        return self

    def __exit__(self, *exception: object) -> None:
        self._save()

    def add(self, candidate: Candidate, reading: FileReading) -> None:
        self._waiting[candidate.file] = Known(candidate.size, candidate.mtime_ns, reading)
        if time.monotonic() - self._saved > _SAVE_EVERY:
            self._save()

    def forget(self, files: Iterable[str]) -> None:
        self._write(lambda store: store.forget(files), bool(files))

    def _save(self) -> None:
        waiting, self._waiting = self._waiting, {}
        self._write(lambda store: store.save(waiting), bool(waiting))
        self._saved = time.monotonic()

    def _write(self, write: Callable[[CatalogStore], None], needed: bool) -> None:
        if self._store is None or not needed:
            return
        try:
            write(self._store)
        except sqlite3.Error:  # a full disk, a share that went away: go on without memory
            self._store = None
