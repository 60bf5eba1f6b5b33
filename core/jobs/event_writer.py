"""Events appended to a file, a line each, whatever the disk says; and handed on to whoever listens."""

import contextlib
import os
from collections import deque
from collections.abc import Callable
from pathlib import Path

from counterpoise.core.jobs.events import Event, to_line
from counterpoise.core.jobs.scrub import Scrubber

Emit = Callable[[Event], None]


class EventWriter:
    """Appends to ``events.jsonl``; a line cut off by an earlier death is removed first.

    A full disk ends no run for the sake of its story: lines wait until there is room again, all but
    those of progress, which are soon outdated.
    """

    def __init__(self, path: Path, scrubber: Scrubber, emit: Emit | None) -> None:
        self.scrubber = scrubber
        self._emit = emit
        self._waiting: deque[bytes] = deque()
        _drop_partial_line(path)
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)

    def __call__(self, what: Event) -> None:
        clean: Event = self.scrubber.value(what)
        if not self._waiting or clean["event"] != "progress":
            self._waiting.append(to_line(clean).encode())
        self._write()
        if self._emit is not None:
            try:
                self._emit(clean)
            except OSError:  # whoever listened has gone (a closed pipe or terminal): the run goes on
                self._emit = None

    def _write(self) -> None:
        while self._waiting:
            try:
                written = os.write(self._file, self._waiting[0])
            except OSError:
                return
            rest = self._waiting.popleft()[written:]
            if rest:
                self._waiting.appendleft(rest)

    def __enter__(self) -> "EventWriter":
        return self

    def __exit__(self, *_: object) -> None:
        self._write()
        with contextlib.suppress(OSError):
            os.close(self._file)


def _drop_partial_line(path: Path) -> None:
    if not path.exists():
        return
    with path.open("rb+") as file:
        content_end = file.seek(0, os.SEEK_END)
        position = content_end
        while position > 0:
            start = max(0, position - 4096)
            file.seek(start)
            newline = file.read(position - start).rfind(b"\n")
            if newline >= 0:
                position = start + newline + 1
                break
            position = start
        if position < content_end:
            file.truncate(position)
