"""One writer at a time: a lock on a file, let go by the system when its process ends."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.jobs.file_lock import try_lock

PATIENCE = 10.0
"""Seconds to wait for the other process; every holder writes for milliseconds."""


@contextmanager
def locked(folder: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the lock of ``folder`` (its file ``lock``); raises CounterpoiseError when another keeps it."""
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        deadline = time.monotonic() + patience
        while not try_lock(handle):
            if time.monotonic() >= deadline:
                raise CounterpoiseError(
                    f"{folder} is in use by another Counterpoise. Wait until that has finished, or close it."
                )
            time.sleep(0.02)
        yield
    finally:
        os.close(handle)
