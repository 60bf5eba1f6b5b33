"""Follow a run from another process: read its events from an offset, ask its supervisor for something."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from counterpoise.core.jobs.events import Event, from_line

Command = Literal["stop", "pause"]


class EventFollower:
    """Reads complete lines of an ``events.jsonl`` that grows.

    >>> EventFollower(Path("nowhere")).poll()
    []
    """

    def __init__(self, path: Path, offset: int = 0) -> None:
        self.path = path
        self.offset = offset
        """Byte after the last line read; hand it to a new follower to go on there."""

    def poll(self, most_bytes: int = 4_000_000) -> list[Event]:
        """Return what has been written since the last call, at most about ``most_bytes`` of it."""
        try:
            with self.path.open("rb") as file:
                size = os.fstat(file.fileno()).st_size
                if size < self.offset:  # a new file under the old name
                    self.offset = 0
                file.seek(self.offset)
                chunk = file.read(most_bytes)
        except OSError:
            return []
        end = chunk.rfind(b"\n") + 1
        self.offset += end
        return [what for line in chunk[:end].splitlines() if (what := from_line(line)) is not None]


def events_so_far(path: Path) -> Iterator[Event]:
    """Yield all events of an ``events.jsonl``, read piece by piece."""
    follower = EventFollower(path)
    while told := follower.poll():
        yield from told


def ask(control: Path, command: Command) -> None:
    """Ask the supervisor to stop (finish now with the best state) or to pause (to be resumed later)."""
    waiting = control.with_name(control.name + ".tmp")
    waiting.write_text(command, encoding="utf-8")
    waiting.replace(control)


def self_command() -> list[str]:
    """How to start ourselves as a process of our own."""
    if getattr(sys, "frozen", False):
        return [sys.executable]
    return [sys.executable, "-m", "counterpoise.core.cli.main"]
