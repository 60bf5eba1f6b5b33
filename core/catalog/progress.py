"""How far a scan is, how long it will take, and whether it shall stop."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from counterpoise.core.catalog.listing import Candidate
from counterpoise.core.catalog.measure import FileReading
from counterpoise.core.errors import CounterpoiseError

_TELL_EVERY = 0.1
_RATE_OVER = 20.0
"""Seconds that the speed is taken over: a drive that gets slower is noticed."""
_RATE_AFTER = 1.0
"""Seconds of reading before a speed is told."""
Phase = Literal["counting", "reading", "judging"]


@dataclass(frozen=True)
class ScanProgress:
    """How far a scan is."""

    done: int
    """Files read (while ``counting``: found) so far."""
    total: int
    """Files to be read; 0 while they are counted."""
    classes: dict[str, int]
    """Readable files of each class so far."""
    current: str
    """The file read last."""
    phase: Phase = "reading"
    per_second: float = 0.0
    """Files read per second lately; 0 until that can be told."""
    seconds_left: float | None = None
    """Of reading; None until that can be told."""
    waiting: float = 0.0
    """Seconds since a file came in: long ones mean a slow drive."""
    share: float = 0.0
    """Of the judging that is done, 0 to 1."""


def bar_of(step: ScanProgress) -> tuple[int, int, str]:
    """Return what a bar shows of it: done, total (0: not known yet), title."""
    if step.phase == "counting":
        return step.done, 0, "Counting files"
    if step.phase == "judging":
        return round(100 * step.share), 100, "Looking for copies"
    speed = f", {step.per_second:,.0f} a second" if step.per_second >= 1 else ""
    return step.done, step.total, f"Reading images{speed}"


class ScanCancelledError(CounterpoiseError):
    """The user stopped the scan; what was read is kept for the next one."""

    def __init__(self, done: int, total: int) -> None:
        files = f"{done:,} of {total:,} files" if total else f"{done:,} files were found"
        super().__init__(f"The scan was stopped after {files}. Scan again to go on from there.")


class Watch:
    """Tells how far the scan is, at most ten times a second, and asks whether to stop as often.

    Every method raises ScanCancelledError when the scan shall stop.
    """

    def __init__(
        self,
        progress: Callable[[ScanProgress], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> None:
        self._progress = progress
        self._cancelled = cancelled
        self._phase: Phase = "counting"
        self._done = self._total = 0
        self._classes: dict[str, int] = {}
        self._current = ""
        self._share = 0.0
        self._told = 0.0
        self._heard = time.monotonic()
        self._rate = _Rate()

    def found(self, files: int) -> None:
        """Say how many files the walk has found so far."""
        self._done = files
        if files % 64 == 0 or files < 64:
            self._tell()

    def begin(self, total: int) -> None:
        """Say that reading begins, of so many files."""
        self._phase, self._done, self._total = "reading", 0, total
        self._heard = time.monotonic()
        self._tell(at_once=True)

    def knew_all(self, total: int) -> None:
        """Say that so many files are as they were, so that nothing has to be read."""
        self._phase, self._done, self._total = "reading", total, total
        self._tell(at_once=True)

    def knew(self, candidate: Candidate, reading: FileReading) -> None:
        """Count a file that was read before."""
        self._count(candidate, reading)
        if self._done % 256 == 0 or self._done == self._total:
            self._tell(at_once=self._done == self._total)

    def saw(self, candidate: Candidate, reading: FileReading) -> None:
        """Count a file that was read now."""
        self._count(candidate, reading)
        self._heard = time.monotonic()
        self._rate.count(self._heard)
        self._tell(at_once=self._done == self._total)

    def _count(self, candidate: Candidate, reading: FileReading) -> None:
        self._done += 1
        self._current = candidate.path
        if reading.frames:
            self._classes[candidate.label] = self._classes.get(candidate.label, 0) + 1

    def tick(self) -> None:
        """Be called while nothing comes in."""
        self._tell()

    def judged(self, share: float) -> None:
        """Say how much of what follows the reading is done."""
        begins = self._phase != "judging"
        self._phase, self._share = "judging", share
        self._tell(at_once=begins)

    def _tell(self, *, at_once: bool = False) -> None:
        now = time.monotonic()
        if now - self._told < _TELL_EVERY and not at_once:
            return
        self._told = now
        if self._cancelled is not None and self._cancelled():
            raise ScanCancelledError(self._done, self._total)
        if self._progress is None:
            return
        rate = self._rate.per_second(now)
        reading = self._phase == "reading"
        self._progress(
            ScanProgress(
                self._done,
                self._total,
                dict(sorted(self._classes.items())),
                self._current,
                self._phase,
                rate,
                (self._total - self._done) / rate if rate and reading else None,
                now - self._heard if reading else 0.0,
                self._share,
            )
        )


class _Rate:
    """Files per second over the last while, from one sample a second."""

    def __init__(self) -> None:
        self._samples: deque[tuple[float, int]] = deque()
        self._count = 0

    def count(self, now: float) -> None:
        if not self._samples:
            self._samples.append((now, self._count))
        self._count += 1
        if now - self._samples[-1][0] > 1.0:
            self._samples.append((now, self._count))
            while now - self._samples[0][0] > _RATE_OVER and len(self._samples) > 2:
                self._samples.popleft()

    def per_second(self, now: float) -> float:
        if not self._samples or now - self._samples[0][0] < _RATE_AFTER:
            return 0.0
        began, before = self._samples[0]
        return (self._count - before) / (now - began)
