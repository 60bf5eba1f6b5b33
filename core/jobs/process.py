"""What every child process of ours does first, and how its end is put into words."""

import contextlib
import ctypes
import importlib
import multiprocessing
import multiprocessing.connection
import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

SPAWN = multiprocessing.get_context("spawn")
Target = str | Callable[..., Any]
PR_SET_PDEATHSIG = 1
CHATTER = re.compile(
    r"^[IW]\d{4} \d\d:\d\d:|: [IW] tensorflow/|^To enable the following|^INFO: |^WARNING: All log"
)
"""What TensorFlow and its kin print when all is well: no last words of anyone."""


@dataclass(frozen=True)
class Cause:
    """Why a process ended that didn't say goodbye."""

    signal: str | None
    """Name such as ``SIGKILL``; None where it ended by itself."""
    exit_code: int | None
    last_words: str
    """The last lines it printed."""

    @property
    def words(self) -> str:
        """The cause in a few words."""
        how = {
            "SIGKILL": "it was killed from outside (SIGKILL)",
            "SIGSEGV": "it crashed (SIGSEGV, invalid memory)",
            "SIGABRT": "it gave up after an internal error (SIGABRT)",
            "SIGBUS": "it crashed (SIGBUS, a file or memory went away)",
            "SIGTERM": "it was asked to end (SIGTERM)",
        }.get(self.signal or "", f"signal {self.signal}" if self.signal else f"exit code {self.exit_code}")
        last = [line for line in self.last_words.strip().splitlines() if not CHATTER.search(line)]
        return f"{how}; its last words were: {last[-1][:300]}" if last else how

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def cause_of(exit_code: int | None, last_words: str = "") -> Cause:
    """Name the cause of death from multiprocessing's exit code (negative: minus the signal)."""
    if exit_code is None or exit_code >= 0:
        return Cause(None, exit_code, last_words)
    try:
        name = signal.Signals(-exit_code).name
    except ValueError:
        name = f"signal {-exit_code}"
    return Cause(name, None, last_words)


def resolve(target: Target) -> Callable[..., Any]:
    """Return the function named ``package.module:function``; a callable is returned as it is."""
    if not isinstance(target, str):
        return target
    module, _, name = target.partition(":")
    function: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return function


def in_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()


def heard(names: Sequence[str]) -> list[signal.Signals]:
    """Return the signals of these names that this system has and that aren't ignored."""
    known = [signal.Signals[name] for name in names if hasattr(signal, name)]
    return [number for number in known if signal.getsignal(number) != signal.SIG_IGN]


@contextlib.contextmanager
def hearing(names: Sequence[str], hear: Callable[[], None]) -> Iterator[None]:
    """Call ``hear`` at each of the signals named (those this system has) while the block runs.

    Only the main thread may hear signals (``signal.signal``); in another nothing is changed. What whoever
    started us has ignored (``nohup``, a shell in the background) stays so.
    """
    known = heard(names) if in_main_thread() else []
    before = {number: signal.signal(number, lambda *_: hear()) for number in known}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def die_with_parent(*, by_kernel: bool) -> None:
    """End this process as soon as its parent has ended.

    ``by_kernel`` must be false where a thread other than the main one started us: Linux sends its
    signal when that thread ends, not the process.
    """
    if by_kernel and sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    sentinel = parent.sentinel

    def watch() -> None:
        multiprocessing.connection.wait([sentinel])
        os._exit(1)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()


def limit_memory(beyond: int) -> None:
    """Let this process take at most ``beyond`` bytes more than now; more raises MemoryError.

    Does nothing where the system can't count what a process has of its own (Windows, macOS).
    """
    if sys.platform != "linux":
        return
    import resource

    data_pages = int(Path("/proc/self/statm").read_text().split()[5])
    now = data_pages * resource.getpagesize()
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = now + beyond
    resource.setrlimit(resource.RLIMIT_DATA, (wanted if hard < 0 else min(wanted, hard), hard))


def leave_signals_to_parent() -> None:
    """Ctrl-C reaches the whole group of processes; only the parent answers it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def send_output_to(descriptor: int) -> None:
    """Let everything this process prints, C libraries included, go to ``descriptor``."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            stream.flush()
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
