"""From folders to a catalog: list, read what changed, label, group, split, judge."""

import hashlib
import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from counterpoise.core.catalog.assemble import assemble
from counterpoise.core.catalog.listing import Candidate, Listing, list_files
from counterpoise.core.catalog.measure import FileReading, measure
from counterpoise.core.catalog.sources import catalog_file, edits_path, secret_folder
from counterpoise.core.catalog.split import check_shares
from counterpoise.core.catalog.store import CatalogStore, Known
from counterpoise.core.catalog.types import Catalog, Sources
from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.jobs.pool import FEW_ITEMS, WorkerDied, robust_map
from counterpoise.core.settings import DataSettings
from counterpoise.core.study.edits import read_edits
from counterpoise.core.study.places import user_cache_dir
from counterpoise.core.study.secret import read_or_make_secret

SECONDS_PER_FILE = 60.0
_SAVE_EVERY = 5.0
"""Seconds between writes of what was read: so much is read again after a crash."""
_TELL_EVERY = 0.1
_FEW_BYTES = 30_000_000


@dataclass(frozen=True)
class ScanProgress:
    """How far a scan is."""

    done: int
    total: int
    classes: dict[str, int]
    """Readable files of each class so far."""
    current: str
    """The file read last."""


class ScanCancelledError(CounterpoiseError):
    """The user stopped the scan; what was read is kept for the next one."""

    def __init__(self, done: int, total: int) -> None:
        super().__init__(
            f"The scan was stopped after {done:,} of {total:,} files. Scan again to go on from there."
        )


def scan(
    sources: Sources,
    settings: DataSettings,
    *,
    cache: Path | None = None,
    progress: Callable[[ScanProgress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    workers: int | None = None,
) -> Catalog:
    """Return the catalog of ``sources`` with its parts and findings.

    Files that haven't changed since the last scan (size and time of change) aren't opened. Readings
    are kept in the study, else in ``cache`` (None: the user's cache folder); nothing is written
    where the images lie. Raises CounterpoiseError where there is no image, ScanCancelledError when
    ``cancelled`` says so.
    """
    check_shares(settings.val, settings.test)
    sources = with_labels(sources, settings)
    listing = list_files(sources)
    secret = read_or_make_secret(secret_folder(sources))
    with _opened(catalog_file(sources, cache or user_cache_dir()), secret) as store:
        watch = _Watch(listing.candidates, progress, cancelled)
        readings = _read(listing, store, secret, watch, workers)
    edits = read_edits(edits_path(sources))
    return assemble(sources, settings, listing, readings, edits, secret)


def with_labels(sources: Sources, settings: DataSettings) -> Sources:
    """Return sources with the labels file of the settings, where the sources name none.

    It is looked for from the current folder, then from DATA.
    """
    if settings.labels is None or sources.labels is not None or sources.root is None:
        return sources
    for file in (Path(settings.labels), sources.root / settings.labels):
        if file.is_file():
            return replace(sources, labels=file.absolute())
    raise CounterpoiseError(
        f"The labels file {settings.labels} doesn't exist. Give a CSV file with columns path and label."
    )


@contextmanager
def _opened(file: Path, secret: bytes) -> Iterator[CatalogStore | None]:
    """Open the store; None where it can't be: a scan without memory is slower, not wrong."""
    try:
        store = CatalogStore(file, hashlib.sha256(b"catalog" + secret).hexdigest()[:16])
    except (OSError, sqlite3.Error):
        yield None
        return
    with closing(store):
        yield store


class _Watch:
    """Tells how far the scan is, at most ten times a second, and when to stop."""

    def __init__(
        self,
        candidates: Sequence[Candidate],
        progress: Callable[[ScanProgress], None] | None,
        cancelled: Callable[[], bool] | None,
    ) -> None:
        self._progress = progress
        self._cancelled = cancelled
        self._total = len(candidates)
        self._done = 0
        self._classes: dict[str, int] = {}
        self._told = 0.0

    def saw(self, candidate: Candidate, reading: FileReading) -> None:
        self._done += 1
        if reading.frames:
            self._classes[candidate.label] = self._classes.get(candidate.label, 0) + 1
        now = time.monotonic()
        if now - self._told >= _TELL_EVERY or self._done == self._total:
            self._told = now
            self.tell(candidate.path)

    def tell(self, current: str) -> None:
        if self._cancelled is not None and self._cancelled():
            raise ScanCancelledError(self._done, self._total)
        if self._progress is not None:
            self._progress(
                ScanProgress(self._done, self._total, dict(sorted(self._classes.items())), current)
            )


def _read(
    listing: Listing, store: CatalogStore | None, secret: bytes, watch: _Watch, workers: int | None
) -> list[FileReading]:
    """Return the reading of each candidate, from the store where the file hasn't changed."""
    known = _known(store)
    readings: list[FileReading | None] = []
    changed: list[int] = []
    for index, candidate in enumerate(listing.candidates):
        before = known.pop(candidate.file, None)
        if before is not None and before[:2] == (candidate.size, candidate.mtime_ns):
            readings.append(before.reading)
            watch.saw(candidate, before.reading)
        else:
            readings.append(None)
            changed.append(index)
    with _Saver(store) as saver:
        saver.forget(known)
        for index, reading in _read_files([listing.candidates[i] for i in changed], secret, workers):
            candidate = listing.candidates[changed[index]]
            if isinstance(reading, WorkerDied):  # not kept: the next scan tries again
                reading = FileReading((), reading.reason, "unreadable-image")
            else:
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
    # Starting a process costs as much as reading a few hundred small files.
    few = len(files) < FEW_ITEMS and sum(candidate.size for candidate in candidates) < _FEW_BYTES
    return robust_map(
        partial(measure, secret=secret),
        files,
        workers=workers or os.cpu_count(),
        timeout=SECONDS_PER_FILE,
        inline=few,
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
        self._guarded(lambda store: store.forget(files), bool(files))

    def _save(self) -> None:
        waiting, self._waiting = self._waiting, {}
        self._guarded(lambda store: store.save(waiting), bool(waiting))
        self._saved = time.monotonic()

    def _guarded(self, write: Callable[[CatalogStore], None], needed: bool) -> None:
        if self._store is None or not needed:
            return
        try:
            write(self._store)
        except sqlite3.Error:  # a full disk, a share that went away: go on without memory
            self._store = None
