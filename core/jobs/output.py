"""What a child prints: into the log without absolute paths, the last lines kept for its obituary."""

import contextlib
import os
import threading
from collections import deque
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TextIO

from counterpoise.core.jobs.scrub import Scrubber

LAST_LINES = 20
LONGEST_LOG = 20_000_000
"""Bytes; what a child prints beyond that is dropped, so that a flood can't fill the disk."""


class OutputReader:
    """A thread that reads the pipe which is the child's standard output and error."""

    def __init__(self, pipe: Connection, log: Path | None, scrubber: Scrubber) -> None:
        self._pipe = pipe
        self._scrubber = scrubber
        self._log = log
        self._last: deque[str] = deque(maxlen=LAST_LINES)
        self._thread = threading.Thread(target=self._read, name="output", daemon=True)
        self._thread.start()

    def _read(self) -> None:
        rest = b""
        written = 0
        with contextlib.ExitStack() as stack:
            log = None
            if self._log is not None:
                # Without a log (a full disk) the pipe is emptied all the same: the child would wait for ever.
                with contextlib.suppress(OSError):
                    log = stack.enter_context(self._log.open("a", encoding="utf-8"))
            while chunk := self._chunk():
                *lines, rest = (rest + chunk).split(b"\n")
                if len(rest) > 65536:
                    lines, rest = [*lines, rest], b""
                for line in lines:
                    written += self._take(line, log if written < LONGEST_LOG else None)
            if rest:
                self._take(rest, log)

    def _chunk(self) -> bytes:
        try:
            return os.read(self._pipe.fileno(), 65536)
        except OSError:
            return b""

    def _take(self, line: bytes, log: TextIO | None) -> int:
        text = self._scrubber.text(line.decode("utf-8", "replace").rstrip("\r"))
        if text.strip():
            self._last.append(text)
        if log is not None:
            # A full disk must not end the run for the sake of its log.
            with contextlib.suppress(OSError):
                log.write(text + "\n")
                log.flush()
        return len(line)

    def finish(self) -> str:
        """Wait for the end of the output (the child has ended) and return its last lines."""
        self._thread.join(2.0)
        return "\n".join(self._last)
