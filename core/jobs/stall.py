"""Silence: when a child that works has said nothing for far longer than it usually takes."""

import contextlib
from dataclasses import dataclass, field

import psutil

QUIET = 120.0
"""Seconds that may always pass: a network is built and traced in 30, on a slow and busy computer in 90."""
TIMES_USUAL = 20.0
SHARE = 0.2
"""Of the newest gap in the running mean."""


@dataclass
class Silence:
    """Fed with the moments (monotonic seconds) at which a child was heard."""

    least: float = QUIET
    _last: float | None = field(default=None, repr=False)
    _usual: float = field(default=0.0, repr=False)
    _said: bool = field(default=False, repr=False)

    def heard(self, now: float) -> None:
        if self._last is not None:
            self._usual += SHARE * (now - self._last - self._usual)
        self._last, self._said = now, False

    def lasts(self, now: float) -> float:
        """Return the seconds of silence where they are too many, else 0."""
        if self._last is None:
            self._last = now
        quiet = now - self._last
        return quiet if quiet > max(self.least, TIMES_USUAL * self._usual) else 0.0

    def news(self, now: float) -> float:
        """Return what ``lasts`` does, but once for every silence."""
        quiet = 0.0 if self._said else self.lasts(now)
        self._said = self._said or quiet > 0
        return quiet


def state_of(pid: int | None) -> str:
    """Return ``stopped`` (someone halted it), ``disk`` (it waits for one) or an empty text."""
    status = ""
    with contextlib.suppress(psutil.Error, ValueError):
        status = psutil.Process(pid).status() if pid is not None else ""
    return {psutil.STATUS_STOPPED: "stopped", psutil.STATUS_DISK_SLEEP: "disk"}.get(status, "")
