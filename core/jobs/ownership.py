"""A run has one owner at a time: the process that holds the lock of its ``supervisor.json``."""

import contextlib
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.jobs.file_lock import try_lock
from counterpoise.core.jobs.run_paths import RunPaths

PATIENCE = 1.0
"""Seconds to try: whoever only asks whether the run is owned holds the lock for a moment."""


@contextlib.contextmanager
def owned(run: RunPaths) -> Iterator[None]:
    """Hold the run for this process; raises CounterpoiseError where another one holds it."""
    handle = _taken(run)
    mine = {"pid": os.getpid(), "created": psutil.Process().create_time()}
    try:
        os.ftruncate(handle, 0)
        os.write(handle, json.dumps(mine).encode())
        yield
    finally:
        # Windows can't remove what is open; an unlocked file tells the same.
        with contextlib.suppress(OSError):
            run.owner.unlink(missing_ok=True)
        os.close(handle)


def _taken(run: RunPaths) -> int:
    deadline = time.monotonic() + PATIENCE
    while True:
        handle = os.open(run.owner, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            if _lock(handle, run.owner) and _is_still(handle, run.owner):
                return handle
        except OSError:
            os.close(handle)
            raise
        os.close(handle)
        if time.monotonic() > deadline:
            raise CounterpoiseError(
                f"The run {run.root} is being trained by another process right now. "
                "Wait for it, or stop it there."
            )
        time.sleep(0.02)


def _lock(handle: int, owner: Path) -> bool:
    try:
        return try_lock(handle)
    except OSError:  # a file system without locks
        return not _is_alive(owner)


def _is_still(handle: int, owner: Path) -> bool:
    """Whether the locked file is the one of that name: an owner who ends removes his."""
    try:
        return os.path.samestat(os.fstat(handle), owner.stat())
    except OSError:
        return False


def is_owned(owner: Path) -> bool:
    """Whether a live process owns the run whose ``supervisor.json`` is ``owner``."""
    try:
        handle = os.open(owner, os.O_RDWR)
    except OSError:
        return False
    try:
        return not try_lock(handle, shared=True)
    except OSError:  # a file system without locks
        return _is_alive(owner)
    finally:
        os.close(handle)


def _is_alive(owner: Path) -> bool:
    """Whether the process named in ``owner`` lives; can be wrong where the clock was set meanwhile."""
    try:
        said = json.loads(owner.read_text(encoding="utf-8"))
        process = psutil.Process(int(said["pid"]))
        return abs(process.create_time() - float(said["created"])) < 2 and process.status() != (
            psutil.STATUS_ZOMBIE
        )
    except (OSError, ValueError, KeyError, TypeError, psutil.Error):
        return False
