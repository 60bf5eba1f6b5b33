"""What the command line says: results on stdout, everything else on stderr; with --json, JSON alone."""

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from counterpoise.core.jobs.events import json_safe

Progress = Callable[..., None]
"""Called with what is done, what there is in all (0: not known), and a title where that changes."""


@dataclass
class Output:
    """How this call wants to be answered."""

    json: bool = False
    quiet: bool = False
    debug: bool = False

    def result(self, value: dict[str, Any], text: str | Callable[[], str]) -> None:
        """Give the result: ``value`` as one object, or ``text`` for people."""
        if self.json:
            self.line(value)
        else:
            write_stdout(text if isinstance(text, str) else text())

    def line(self, value: dict[str, Any]) -> None:
        """Write one line of strict JSON: null, never NaN."""
        write_stdout(json.dumps(json_safe(value), ensure_ascii=False, allow_nan=False))

    def say(self, sentence: str) -> None:
        """Say how it goes, on stderr; silent with --quiet and with --json."""
        if not (self.quiet or self.json):
            write_stderr(sentence)

    @contextmanager
    def progress(self, title: str) -> Iterator[Progress]:
        """Show a bar on a terminal; yields the function to move it with."""
        if self.quiet or self.json or not sys.stderr.isatty():
            yield lambda _done, _total, _title="": None
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bars

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
            task = bars.add_task(title, total=None)
            yield lambda done, total, title=title: bars.update(
                task, completed=done, total=total or None, description=title
            )


def write_stdout(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def write_stderr(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def prepare_streams() -> None:
    """Let odd file names through (as escapes that JSON knows) instead of failing on them.

    A stream that was closed by whoever started us leads nowhere: the next file opened would take its number,
    and what C libraries print would go into it.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_RDWR)
            if nowhere != number:
                os.dup2(nowhere, number)
                os.close(nowhere)
            os.set_inheritable(number, True)
            mode = "r" if name == "stdin" else "w"
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8", closefd=False))
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


@contextmanager
def without_chatter(debug: bool = False) -> Iterator[None]:
    """Keep what libraries print in C from the caller's stdout and stderr, unless ``debug``.

    Python's own ``sys.stdout`` goes on reaching the caller.
    """
    if debug:
        yield
        return
    sys.stdout.flush()
    sys.stderr.flush()
    kept = os.dup(1), os.dup(2)
    streams = sys.stdout, sys.stderr
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    sys.stdout = os.fdopen(os.dup(kept[0]), "w", encoding="utf-8", errors="backslashreplace")
    sys.stderr = os.fdopen(os.dup(kept[1]), "w", encoding="utf-8", errors="backslashreplace")
    try:
        yield
    finally:
        sys.stdout.close()
        sys.stderr.close()
        sys.stdout, sys.stderr = streams
        for number, copy in enumerate(kept, 1):
            os.dup2(copy, number)
            os.close(copy)


def table(rows: Sequence[Sequence[object]]) -> str:
    """Return rows as aligned columns, the first to the left, the others to the right.

    >>> table([("a", 10), ("bcd", 5)])
    'a    10\\nbcd   5'
    """
    cells = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if number == 0 else cell.rjust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    )
