"""What reading one file may take of a worker process, so that no file holds up a scan or fills the memory."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from counterpoise.core.jobs.pool import Limits

SECONDS = 10.0
"""Of computing; waiting for a slow drive doesn't count."""
BYTES_PER_SECOND = 1_000_000
"""A large file may take longer: JPEG 2000, the slowest, is decoded several times faster than this."""
MEMORY = 3 * 2**30
"""Bytes beyond what a worker starts with: enough for the largest frame that ``limits`` lets through."""
Item = TypeVar("Item")


def allowance(file_of: Callable[[Item], str | Path]) -> Limits[Item]:
    """Return the limits for items of which ``file_of`` tells the file."""

    def more(item: Item) -> float:
        try:
            return Path(file_of(item)).stat().st_size / BYTES_PER_SECOND
        except OSError:
            return 0.0

    return Limits(SECONDS, MEMORY, more)
