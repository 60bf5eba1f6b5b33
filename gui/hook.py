"""What happens to an exception nobody caught: a line in the window and a record in a file, never an end."""

import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

Show = Callable[[str], None]


def install_hook(log: Path, show: Show) -> Callable[[], None]:
    """Send uncaught exceptions, of threads too, to ``log`` and ``show``; returns what undoes it."""

    def excepthook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        show(record(log, error))

    def threadhook(arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            show(record(log, arguments.exc_value))

    before = sys.excepthook, threading.excepthook
    sys.excepthook, threading.excepthook = excepthook, threadhook

    def undo() -> None:
        sys.excepthook, threading.excepthook = before

    return undo


def record(log: Path, error: BaseException) -> str:
    """Append the traceback to ``log`` and return the sentence for the user."""
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as file:
            file.write("".join(traceback.format_exception(error)) + "\n")
        where = f"Details are in {log}."
    except OSError:
        where = "The details could not be written to a file."
    kind = type(error).__name__
    return f"Something went wrong inside Counterpoise ({kind}); your images and runs are safe. {where}"
