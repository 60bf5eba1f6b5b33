"""How far a scan is, and whether it shall stop."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from counterpoise.core.catalog.listing import Candidate
from counterpoise.core.catalog.measure import FileReading
from counterpoise.core.errors import CounterpoiseError

_TELL_EVERY = 0.1


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


class Watch:
    """Tells how far the scan is, at most ten times a second, and asks whether to stop as often."""

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
        """Count one file; raises ScanCancelledError when the scan shall stop."""
        self._done += 1
        if reading.frames:
            self._classes[candidate.label] = self._classes.get(candidate.label, 0) + 1
        now = time.monotonic()
        if now - self._told < _TELL_EVERY and self._done < self._total:
            return
        self._told = now
        if self._cancelled is not None and self._cancelled():
            raise ScanCancelledError(self._done, self._total)
        if self._progress is not None:
            classes = dict(sorted(self._classes.items()))
            self._progress(ScanProgress(self._done, self._total, classes, candidate.path))
