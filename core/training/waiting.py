"""Waiting for what comes back by itself or by hand: images on a drive, room on a disk."""

import time
from collections.abc import Callable
from typing import TypeVar

from counterpoise.core.errors import DiskFullError, is_disk_full
from counterpoise.core.findings import Finding, Severity, make_finding
from counterpoise.core.training.work import Interrupted, Teller

EVERY = 2.0
"""Seconds between two looks."""
AWAKE = 0.2
"""Seconds between two looks at what was asked for."""
SAY_EVERY = 20.0
"""Seconds after which it is said that the work still waits, so that it isn't taken for hanging."""

Result = TypeVar("Result")


def wait_until(
    back: Callable[[], bool],
    teller: Teller,
    code: str,
    finding: Finding | None = None,
    epoch: int = 0,
    limit: float | None = None,
) -> bool:
    """Say ``finding`` of the guard ``code`` (None: said before), and wait until ``back()`` holds.

    Returns False where ``stop`` was asked for or ``limit`` seconds have passed; raises Interrupted where a
    pause was asked for.
    """
    if finding is not None:
        teller.guard(finding, epoch)
    teller.hold(code)
    began = said = time.monotonic()
    try:
        while not back():
            now = time.monotonic()
            if now - said > SAY_EVERY:
                teller.hold(code)
                said = now
            if _asked(teller, until=now + EVERY) or (limit is not None and now - began > limit):
                return False
        return True
    finally:
        teller.go_on(time.monotonic() - began)


def with_room(do: Callable[[], Result], what: str, teller: Teller, epoch: int = 0) -> Result:
    """Return ``do()``; where the disk is full, say that ``what`` can't be written and try until it can.

    Raises what ``do`` raised where ``stop`` is asked for meanwhile, Interrupted for a pause.
    """
    found: list[Result] = []
    errors: list[Exception] = []

    def done() -> bool:
        try:
            found.append(do())
        except (DiskFullError, OSError) as error:
            if isinstance(error, OSError) and not is_disk_full(error):
                raise
            errors.append(error)
            return False
        return True

    if not done():
        finding = make_finding("disk-full", Severity.WARNING, {"what": what})
        if not teller.waits or not wait_until(done, teller, "disk-full", finding, epoch):
            raise errors[-1]
    return found[0]


def saved_with_room(save: Callable[[], None], teller: Teller, epoch: int) -> None:
    """Save a state of the training as soon as the disk has room.

    Raises DiskFullError where it may not be waited for; who asked for a stop meanwhile wants what was learnt,
    and has the state before.
    """
    try:
        with_room(save, "the state of the training", teller, epoch)
    except DiskFullError:
        if not teller.stop:
            raise


def _asked(teller: Teller, until: float) -> bool:
    """Rest until a moment; return at once and True where a stop, raise Interrupted where a pause is asked."""
    while True:
        if teller.wants_pause():
            raise Interrupted
        left = until - time.monotonic()
        if teller.stop or left <= 0:
            return teller.stop
        time.sleep(min(AWAKE, left))
