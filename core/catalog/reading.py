"""The reading of every file: from the store where it hasn't changed, else from worker processes."""

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from counterpoise.core.catalog.burned_in import share_looked_at
from counterpoise.core.catalog.listing import Candidate
from counterpoise.core.catalog.measure import FileReading, measure
from counterpoise.core.catalog.one_thread import read_in_thread
from counterpoise.core.catalog.progress import Watch
from counterpoise.core.catalog.readers import is_harmless
from counterpoise.core.catalog.readers.allowance import allowance
from counterpoise.core.catalog.saving import Saver
from counterpoise.core.catalog.store import CatalogStore, Known
from counterpoise.core.catalog.thumbnail_store import ThumbnailStore
from counterpoise.core.jobs.pool import Limits, WorkerDied, robust_map

SECONDS_PER_FILE = 60.0
_FEW_FILES = 200
_FEW_BYTES = 10_000_000
_STRETCH = 256


@dataclass(frozen=True)
class Keeping:
    """Where readings and thumbnails are kept; None where they can't be."""

    store: CatalogStore | None = None
    thumbnails: ThumbnailStore | None = None


def read_all(
    candidates: Sequence[Candidate],
    keeping: Keeping,
    secret: bytes,
    watch: Watch,
    workers: int | None = None,
    came: Callable[[int, FileReading, bool], None] = lambda _index, _reading, _known: None,
) -> list[FileReading]:
    """Return the reading of each candidate, in their order; what was read anew is kept.

    ``came(index, reading, known)`` hears of each as it comes, those known before first, and may raise to
    end the reading.
    """
    known = _known(keeping.store)
    readings: list[FileReading | None] = []
    changed: list[int] = []
    watch.begin(len(candidates))
    for index, candidate in enumerate(candidates):
        before = known.pop(candidate.file, None)
        if before is not None and before[:2] == (candidate.size, candidate.mtime_ns):
            readings.append(before.reading)
            watch.knew(candidate, before.reading)
            came(index, before.reading, True)
        else:
            readings.append(None)
            changed.append(index)
    with Saver(keeping.store, keeping.thumbnails) as saver:
        if 2 * len(known) <= len(candidates):  # else a drive may be away: what was read of it is kept
            saver.forget(known)
        changed = _by_turns(candidates, changed)
        work = partial(measure, secret=secret, looked_at=share_looked_at(len(candidates)))
        for index, reading in _read_files([candidates[i] for i in changed], work, workers, watch):
            place = changed[index]
            candidate = candidates[place]
            if isinstance(reading, WorkerDied):
                reading = FileReading((), reading.reason, "unreadable-image", passing=reading.kind != "work")
            if not reading.passing:
                saver.add(candidate, reading)
                reading = reading._replace(thumbnails=())
            readings[place] = reading
            came(place, reading, False)
            watch.saw(candidate, reading)
    return [reading for reading in readings if reading is not None]


def _by_turns(candidates: Sequence[Candidate], wanted: Sequence[int]) -> list[int]:
    """Return ``wanted`` with the classes taking turns, in growing stretches of files that lie together.

    So that the first images seen are of every class.
    """
    ranks: dict[str, int] = {}
    turns = []
    for index in wanted:
        label = candidates[index].label
        rank = ranks[label] = ranks.get(label, 0) + 1
        turns.append((rank.bit_length() if rank < _STRETCH else rank // _STRETCH + _STRETCH, index))
    return [index for _, index in sorted(turns)]


def _known(store: CatalogStore | None) -> dict[str, Known]:
    try:
        return store.load() if store is not None else {}
    except sqlite3.Error:
        return {}


def _read_files(
    candidates: Sequence[Candidate],
    work: Callable[[str], FileReading],
    workers: int | None,
    watch: Watch,
) -> Iterator[tuple[int, FileReading | WorkerDied]]:
    """Yield readings as they come; ``watch`` is asked whether to go on, also while none do."""
    files = [candidate.file for candidate in candidates]
    done = 0
    if _are_harmless(candidates):
        for reading in read_in_thread(work, files, SECONDS_PER_FILE, watch.tick):
            yield done, reading
            done += 1
    # All others; those too that come after a file which didn't end.
    if done < len(files):
        limits: Limits[str] = allowance(str)
        later = robust_map(
            work,
            files[done:],
            workers=workers or os.cpu_count(),
            timeout=SECONDS_PER_FILE,
            limits=limits,
            tick=watch.tick,
        )
        yield from ((done + index, reading) for index, reading in later)


def _are_harmless(candidates: Sequence[Candidate]) -> bool:
    """Whether files are few, small and of the everyday formats.

    Starting a process costs as much as reading a few hundred of them. Other formats are decoded by
    libraries that a damaged file can crash, and a worker then takes only its file with it.
    """
    return (
        len(candidates) < _FEW_FILES
        and sum(candidate.size for candidate in candidates) < _FEW_BYTES
        and all(is_harmless(candidate.file) for candidate in candidates)
    )
