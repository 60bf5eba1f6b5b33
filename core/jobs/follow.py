"""Follow a run from another process: read its events from an offset, ask its supervisor for something."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Literal

from counterpoise.core.jobs.events import Event, from_line

Command = Literal["stop", "pause"]


HEAD = 128
"""Bytes at the beginning of a file by which it is known again; its first event holds the time."""


class EventFollower:
    """Reads complete lines of an ``events.jsonl`` that grows.

    >>> EventFollower(Path("nowhere")).poll()
    []
    """

    def __init__(self, path: Path, offset: int = 0) -> None:
        self.path = path
        self.offset = offset
        """Byte after the last line read; hand it to a new follower to go on there."""
        self.beginnings = 0
        """How often the file was found cut short or replaced, and is read from its beginning again."""
        self.lost = False
        """Whether the file couldn't be read at the last call."""
        self.behind = False
        """Whether there was more than the last call was to read."""
        self._head = b""
        self._inside = False
        """Whether ``offset`` stands within a line that was too long."""

    def poll(self, most_bytes: int = 4_000_000) -> list[Event]:
        """Return what has been written since the last call, at most about ``most_bytes`` of it.

        A line longer than that is passed over. A file cut short or replaced is read anew.
        """
        self.behind = False
        try:
            with self.path.open("rb") as file:
                if not self._is_the_same(file):
                    self.offset, self._head = 0, b""
                    self.beginnings += 1
                if len(self._head) < HEAD:
                    file.seek(0)
                    self._head = file.read(HEAD)
                file.seek(self.offset)
                chunk = file.read(most_bytes)
        except OSError:
            self.lost = True
            return []
        self.lost = False
        end = chunk.rfind(b"\n") + 1
        self.behind = len(chunk) == most_bytes
        self._inside = self.behind and not end
        self.offset += len(chunk) if self._inside else end
        return [what for line in chunk[:end].splitlines() if (what := from_line(line)) is not None]

    def _is_the_same(self, file: BinaryIO) -> bool:
        """Whether what was read so far still stands there: by size, first bytes and the end of a line."""
        if os.fstat(file.fileno()).st_size < self.offset:
            return False
        if file.read(len(self._head)) != self._head:
            return False
        if not self.offset or self._inside:
            return True
        file.seek(self.offset - 1)
        return file.read(1) == b"\n"


def events_so_far(path: Path) -> Iterator[Event]:
    """Yield all events of an ``events.jsonl``, read piece by piece."""
    follower = EventFollower(path)
    while (told := follower.poll()) or follower.behind:
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
