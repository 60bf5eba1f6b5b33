"""A run's processes seen from outside: the supervisor that owns it and what it has started. Imports no Qt.

For the rare moments in which asking isn't enough: they are halted, or don't answer.
"""

import contextlib
import json

import psutil

from counterpoise.core.study.run_folder import RunFolder

LONGEST = 5.0
"""Seconds that killed processes have to be gone."""


def owner_of(run: RunFolder) -> psutil.Process | None:
    """Return the process that is named as the owner of ``run``, None where none is (or it can't be told)."""
    try:
        return psutil.Process(int(json.loads(run.owner.read_text(encoding="utf-8"))["pid"]))
    except (OSError, ValueError, KeyError, TypeError, psutil.Error):
        return None


def is_halted(process: psutil.Process | None) -> bool:
    """Whether someone has stopped the process (SIGSTOP, a debugger, Ctrl-Z) without ending it."""
    with contextlib.suppress(psutil.Error):
        return process is not None and process.status() in (psutil.STATUS_STOPPED, psutil.STATUS_TRACING_STOP)
    return False


def is_alive(process: psutil.Process | None) -> bool:
    """Whether the process still runs; one that is over and waits to be fetched doesn't."""
    with contextlib.suppress(psutil.Error):
        return process is not None and process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


def _family(owner: psutil.Process) -> list[psutil.Process]:
    """Return the owner and its children of all generations, the owner first."""
    try:
        return [owner, *owner.children(recursive=True)]
    except psutil.Error:
        return [owner]


def end(owner: psutil.Process) -> bool:
    """Kill the owner and all it has started; returns whether they are gone. Takes up to ``LONGEST`` seconds.

    The owner comes first, for it would start its child again.
    """
    family = _family(owner)
    for process in family:
        with contextlib.suppress(psutil.Error):
            process.kill()
    _, alive = psutil.wait_procs(family, timeout=LONGEST)
    return not any(is_alive(process) for process in alive)


def wake(owner: psutil.Process) -> None:
    """Let the owner, and all it has started, go on where someone has halted them."""
    for process in _family(owner):
        with contextlib.suppress(psutil.Error):
            process.resume()
