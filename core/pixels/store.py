"""Decode once: every image of a set, prepared, in a file of records; epochs never touch the sources."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from counterpoise.core.catalog.readers import is_harmless
from counterpoise.core.catalog.types import ImageRecord, Sources
from counterpoise.core.errors import CounterpoiseError, DiskFullError
from counterpoise.core.jobs.memory_record import killed_for_memory, names_memory
from counterpoise.core.jobs.pool import WorkerDied, robust_map
from counterpoise.core.pixels.cache_limit import DEFAULT_CACHE_BYTES
from counterpoise.core.pixels.content_records import ContentRecords
from counterpoise.core.pixels.decode import (
    READING,
    DecodeTask,
    Failure,
    decode_into,
    decode_one,
    tasks_by_file,
)
from counterpoise.core.pixels.format import PixelFormat
from counterpoise.core.pixels.prepare import fill_gaps
from counterpoise.core.pixels.records import DamagedRecordError

PREPARATION = 1
"""Raised whenever ``prepare`` gives other values, so that no old cache is read."""
FEW_IMAGES = 64
MANY = 64
"""Files in a row that can't be read, after which the others aren't tried."""
SECONDS_PER_FILE = 300.0


class ImagesLostError(CounterpoiseError):
    """Images that were there at the scan can't be read any more."""

    def __init__(self, failures: Sequence[Failure]) -> None:
        self.failures = tuple(failures)
        first = failures[0]
        others = f" and {len(failures) - 1:,} more" if len(failures) > 1 else ""
        mend = "Connect the drive again or put the files back"
        if not self.gone:
            mend = "Put the files back as they were" if others else "Put the file back as it was"
        super().__init__(
            f"{first.path}{others} can't be read any more ({first.reason}): expected the images as they were "
            f"when the folder was scanned. {mend} and go on, or scan anew."
        )

    @property
    def gone(self) -> tuple[Failure, ...]:
        """Those whose files may come back as they were: a drive was unplugged, a folder renamed."""
        return tuple(failure for failure in self.failures if failure.kind == "gone")


class CacheLostError(CounterpoiseError):
    """The records can't be written any more: cleared by someone, or on a disk that has gone."""

    def __init__(self, cache: Path, reason: str) -> None:
        super().__init__(
            f"The cache file {cache.name} can't be written ({reason}): expected it to stay where it is while "
            "it is in use. Look at the disk, or choose another place with --cache, and go on."
        )


class ImageStore:
    """The prepared images of one set in one format. Position i is ``images[i]``; copies share a record.

    Records are keyed by the decoded pixels (``content``), so the store outlives renames and new labels;
    what another set of the same format has already decoded is taken over from its file.
    """

    def __init__(
        self, records: ContentRecords, sources: Sources, images: Sequence[ImageRecord], fmt: PixelFormat
    ) -> None:
        self.format = fmt
        self._content_records = records
        self._records, self._slots = records.file, records.slots
        self._sources = sources
        self._images = images
        self.on_lost: Callable[[ImagesLostError], None] | None = None
        """Hears, from any thread, of an image that can't be read anew; returns to have it tried again."""

    @classmethod
    def open(
        cls,
        cache: Path,
        sources: Sources,
        images: Sequence[ImageRecord],
        fmt: PixelFormat,
        most_bytes: int = DEFAULT_CACHE_BYTES,
    ) -> "ImageStore":
        """Open (or make, its room taken at once) the store of ``images`` below the folder ``cache``.

        The oldest files of other sets are dropped where all stores together pass ``most_bytes``.
        """
        form = f"{PREPARATION} {fmt.model_dump_json()}"
        contents = [image.content for image in images]
        records = ContentRecords.open(cache / "images", form, contents, fmt.shape, fmt.dtype, most_bytes)
        return cls(records, sources, images, fmt)

    def __enter__(self) -> "ImageStore":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __len__(self) -> int:
        return len(self._images)

    def fill(
        self,
        workers: int | None = None,
        progress: Callable[[int, int], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
        indices: Sequence[int] | None = None,
    ) -> bool:
        """Decode what is missing (of ``indices``, or of all); False where it was cancelled.

        ``progress(done, total)`` counts records. What was decoded stays; raises ImagesLostError at the
        end (or after many in a row) where sources can't be read or have changed since the scan,
        DiskFullError, CacheLostError, MemoryError.
        """
        memory = killed_for_memory.reading()
        wanted = np.arange(len(self)) if indices is None else np.asarray(indices, np.intp)
        self._content_records.borrow()
        filled = self._records.filled()
        total = len(np.unique(self._slots[wanted]))
        tasks = self._tasks([int(i) for i in wanted if not filled[self._slots[i]]])
        done = total - sum(len(task.frames) for task in tasks)
        failures: list[Failure] = []
        if progress:
            progress(done, total)
        few = sum(len(task.frames) for task in tasks) <= FEW_IMAGES
        few = few and all(is_harmless(task.file) for task in tasks)
        work = partial(decode_into, self._records.path, self.format)
        results: Iterator[tuple[int, Any]] = (
            enumerate(map(work, tasks))
            if few
            else robust_map(work, tasks, workers=workers, timeout=SECONDS_PER_FILE, limits=READING)
        )
        in_a_row = 0
        for index, result in results:
            failure = (
                Failure(tasks[index].path, result.reason, "died")
                if isinstance(result, WorkerDied)
                else result
            )
            failures.extend([failure] if failure else [])
            in_a_row = in_a_row + 1 if failure else 0
            done += 0 if failure else len(tasks[index].frames)
            if progress:
                progress(done, total)
            if cancelled and cancelled():
                return False
            if in_a_row > MANY or (failure and failure.kind in ("full", "cache")):
                break  # a drive has gone, or a disk is full: the rest would only fail the same way
        _raise_for(failures, killed_for_memory.since(memory), self._records.path)
        return True

    def read(self, indices: Sequence[int] | NDArray[np.intp]) -> NDArray[Any]:
        """Return prepared images [n, height, width, channels] in the format's dtype.

        A damaged or missing record is decoded anew from its source; raises ImagesLostError where the
        source can't be read either.
        """
        block = self.read_with_gaps(indices)
        if block.dtype.kind == "f" and np.isnan(block).any():
            block = np.stack([fill_gaps(image) for image in block])
        return block

    def blocks(self, indices: Sequence[int] | NDArray[np.intp], size: int = 64) -> "StoreBlocks":
        """Return the images in blocks for ``fit_scaling``; may be gone through again and again."""
        return StoreBlocks(self, np.asarray(indices, np.intp), size)

    def close(self) -> None:
        self._records.close()

    def read_with_gaps(self, indices: Sequence[int] | NDArray[np.intp]) -> NDArray[Any]:
        """Return the same with NaN where padding is (in float formats), for statistics."""
        wanted = np.asarray(indices, np.intp)
        slots = self._slots[wanted]
        for _ in range(len(wanted) + 1):
            try:
                return self._records.read(slots)
            except DamagedRecordError as damaged:
                self._mend(int(wanted[np.flatnonzero(slots == damaged.index)[0]]))
        return self._records.read(slots)

    def _mend(self, index: int) -> None:
        task = self._tasks([index])[0]
        while (failure := decode_one(self._records, self.format, task)) is not None:
            if failure.kind in ("full", "cache") or self.on_lost is None:
                _raise_for([failure], False, self._records.path)
            else:
                self.on_lost(ImagesLostError([failure]))

    def _tasks(self, indices: Sequence[int]) -> list[DecodeTask]:
        """Return one task per file, each record once."""
        first_of_slot: dict[int, int] = {}
        for index in indices:
            first_of_slot.setdefault(int(self._slots[index]), index)
        return tasks_by_file(self._sources, ((s, self._images[i]) for s, i in first_of_slot.items()))


def _raise_for(failures: Sequence[Failure], killed: bool, cache: Path) -> None:
    """Raise what the failures of a filling come to, the most general cause first."""
    for failure in failures:
        if failure.kind == "full":
            raise DiskFullError(
                f"The disk of the cache is full ({failure.reason}). Free some space there, or choose another "
                "place with --cache, and go on."
            )
        if failure.kind == "cache":
            raise CacheLostError(cache, failure.reason)
        if failure.kind == "died" and (killed or names_memory(failure.reason)):
            raise MemoryError(f"out of memory while reading {failure.path}")
    if failures:
        raise ImagesLostError(failures)


class StoreBlocks:
    """Blocks [size, height, width, channels] of a store, NaN where padding is."""

    def __init__(self, store: ImageStore, indices: NDArray[np.intp], size: int) -> None:
        self._store, self._indices, self._size = store, indices, size

    def __iter__(self) -> Iterator[NDArray[Any]]:
        for start in range(0, len(self._indices), self._size):
            yield self._store.read_with_gaps(self._indices[start : start + self._size])
