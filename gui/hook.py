"""What happens to an exception nobody caught: a line in the window and a record in a file, never an end."""

import contextlib
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from counterpoise.gui.texts import common as texts

Show = Callable[[str], None]
AGAIN_AFTER = 60.0
"""Seconds in which an exception from one place is told once: a timer may raise it very often."""
LARGEST_LOG = 5_000_000
"""Bytes; a log that has grown beyond it is put aside, in place of the one before."""


def install_hook(log: Path, show: Show) -> Callable[[], None]:
    """Send uncaught exceptions, of threads too, to ``log`` and ``show``; returns what undoes it.

    PySide hands here what a slot, a timer, an event handler or a ``QThread`` raises.
    """
    told: dict[tuple[object, ...], float] = {}

    def tell(error: BaseException) -> None:
        frames = traceback.extract_tb(error.__traceback__)
        place = (type(error), *[(frame.filename, frame.lineno) for frame in frames[-1:]])
        now = time.monotonic()
        if frames and now - told.get(place, -AGAIN_AFTER) < AGAIN_AFTER:
            return
        told[place] = now
        sentence = record(log, error)
        with contextlib.suppress(RuntimeError):  # the window has gone already
            show(sentence)

    def excepthook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
        else:
            tell(error)

    def threadhook(arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            tell(arguments.exc_value)

    before = sys.excepthook, threading.excepthook
    sys.excepthook, threading.excepthook = excepthook, threadhook

    def undo() -> None:
        sys.excepthook, threading.excepthook = before

    return undo


def record(log: Path, error: BaseException) -> str:
    """Append the traceback to ``log`` and return the sentence for the user."""
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        if log.exists() and log.stat().st_size > LARGEST_LOG:
            log.replace(log.with_suffix(".old.log"))
        with log.open("a", encoding="utf-8") as file:
            file.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')}\n")
            file.write("".join(traceback.format_exception(error)) + "\n")
        where = f"Details are in {log}."
    except OSError:
        where = "The details could not be written to a file."
    return f"{texts.fault(type(error).__name__)} {where}"
