"""One way to run anything long: a spawned child that sends events and obeys commands."""

import atexit
import contextlib
import errno
import os
import queue
import sys
import threading
import traceback
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from counterpoise.core.errors import CounterpoiseError, is_disk_full
from counterpoise.core.jobs.events import LAST, Event, event
from counterpoise.core.jobs.memory_record import limit_hint, names_memory
from counterpoise.core.jobs.output import OutputReader
from counterpoise.core.jobs.process import (
    SPAWN,
    Cause,
    Target,
    cause_of,
    die_with_parent,
    in_main_thread,
    leave_signals_to_parent,
    resolve,
    send_output_to,
)
from counterpoise.core.jobs.scrub import Scrubber

GRACE = 5.0
"""Seconds a child has to end by itself before it is killed."""


class JobContext:
    """The child's side: events out, commands in."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._lock = threading.Lock()
        self._commands: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._cancelled = threading.Event()
        threading.Thread(target=self._listen, name="commands", daemon=True).start()

    def _listen(self) -> None:
        with contextlib.suppress(EOFError, OSError):
            while True:
                command = self._connection.recv()
                if command == "cancel":
                    self._cancelled.set()
                else:
                    self._commands.put(command)

    def send(self, kind: str, **fields: Any) -> None:
        """Send an event; may be called from any thread. A parent that has gone is not an error here."""
        with self._lock, contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self._connection.send(event(kind, **fields))

    def cancelled(self) -> bool:
        """Whether the parent has asked the job to end without a result."""
        return self._cancelled.is_set()

    def commands(self) -> list[str]:
        """Return the commands (``stop``, ``pause``) that have come in since the last call."""
        pending = []
        with contextlib.suppress(queue.Empty):
            while True:
                pending.append(self._commands.get_nowait())
        return pending


class Job:
    """A spawned child running ``target(payload, context)``.

    ``target`` is a module-level function or its name ``package.module:function``; ``payload`` and
    what it returns are pickled. What the child prints goes to ``log``, without absolute paths.

    >>> with Job("counterpoise.core.jobs.trials:count", 3) as job:  # doctest: +SKIP
    ...     [e["event"] for e in job.events()]
    ['progress', 'progress', 'progress', 'finished']
    """

    def __init__(
        self,
        target: Target,
        payload: Any = None,
        *,
        log: Path | None = None,
        name: str = "job",
        scrubber: Scrubber | None = None,
    ) -> None:
        self.name = name
        self._scrubber = scrubber or Scrubber()
        self._log = log
        self._connection, self._theirs = SPAWN.Pipe()
        self._output_read, self._output_write = SPAWN.Pipe(duplex=False)
        self._process = SPAWN.Process(
            target=_child,
            args=(target, payload, self._theirs, self._output_write, in_main_thread()),
            name=name,
        )
        self._output: OutputReader | None = None
        self._ended = False
        self._send_lock = threading.Lock()

    def start(self) -> Self:
        """Start the child; returns the job itself."""
        self._process.start()
        self._theirs.close()
        self._output_write.close()
        self._output = OutputReader(self._output_read, self._log, self._scrubber)
        atexit.register(self.kill)
        return self

    @property
    def pid(self) -> int | None:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return not self._ended and self._process.is_alive()

    def events(self, timeout: float | None = None) -> Iterator[Event]:
        """Yield events until the child has ended; the last one is ``finished`` or ``failed``.

        ``finished`` carries ``result``, what the target returned. ``failed`` carries ``message``,
        ``cause`` (``{"signal", "exit_code", "last_words"}``, None where the target raised) and
        ``exit_status``. With ``timeout`` the iteration ends as well when nothing came for that
        many seconds (``alive`` tells the two apart); iterate again to go on.
        """
        while not self._ended:
            try:
                if not self._connection.poll(timeout):
                    return
                what: Event = self._connection.recv()
            except (EOFError, OSError):
                what = self._died()
            if what["event"] in LAST:
                self._reap()
            yield what

    def result(self) -> Any:
        """Wait for the end and return what the target returned; raises CounterpoiseError where it failed."""
        for what in self.events():
            if what["event"] == "finished":
                return what["result"]
            if what["event"] == "failed":
                error = CounterpoiseError(what["message"])
                error.exit_code = what.get("exit_status", 1)
                raise error
        raise CounterpoiseError(f"The {self.name} has already ended.")

    def send(self, command: str) -> None:
        """Send a command (``stop``, ``pause``) to the child; ignored where it has ended."""
        with self._send_lock, contextlib.suppress(OSError):
            self._connection.send(command)

    def cancel(self, grace: float = GRACE) -> None:
        """Ask the child to end, kill it when it hasn't after ``grace`` seconds. Doesn't wait."""
        self.send("cancel")
        timer = threading.Timer(grace, self.kill)
        timer.daemon = True
        timer.start()

    def kill(self) -> None:
        """End the child at once."""
        with contextlib.suppress(ValueError):  # the process object is closed already
            if self._process.is_alive():
                self._process.kill()

    def _died(self) -> Event:
        self._process.join(GRACE)
        if self._process.is_alive():  # it closed its side and still lives
            self._process.kill()
            self._process.join()
        cause = cause_of(self._process.exitcode, self._output.finish() if self._output else "")
        return event(
            "failed",
            message=f"The {self.name} ended unexpectedly: {cause.words}.",
            cause=cause.to_json(),
            exit_status=1,
        )

    def _reap(self) -> None:
        self._ended = True
        self._process.join(GRACE)
        self.kill()
        self._process.join()
        if self._output is not None:
            self._output.finish()
        self._connection.close()
        atexit.unregister(self.kill)

    def close(self) -> None:
        """Kill the child where it still runs, and free everything."""
        if not self._ended and self._process.pid is not None:
            self.kill()
            self._reap()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _child(
    target: Target, payload: Any, connection: Connection, output: Connection, by_main_thread: bool
) -> None:
    leave_signals_to_parent()
    die_with_parent(by_kernel=by_main_thread)
    if sys.platform != "win32":
        send_output_to(output.fileno())
    context = JobContext(connection)
    try:
        result = resolve(target)(payload, context)
        context.send("finished", result=result)
    except CounterpoiseError as error:
        context.send("failed", message=str(error), cause=None, exit_status=error.exit_code)
    except Exception as error:  # noqa: BLE001  # an edge: whatever happens is said, the trace is in the log
        said = _obituary(error)
        if not said.get("disk_full"):
            traceback.print_exc()
        context.send("failed", exit_status=1, **said)
    sys.stdout.flush()
    sys.stderr.flush()
    # Without the interpreter's goodbye: TensorFlow's takes seconds and may hang.
    os._exit(0)


def _obituary(error: Exception) -> dict[str, Any]:
    """Return message and cause of what nobody foresaw; want of memory counts as a death of the process."""
    named = f"{type(error).__name__}: {error}"
    no_memory = isinstance(error, OSError) and error.errno == errno.ENOMEM
    if no_memory or isinstance(error, MemoryError) or names_memory(named):
        cause = Cause(None, 1, f"MemoryError: {named}")
        return {"message": f"The process ran out of memory ({named[:300]}).", "cause": cause.to_json()}
    if not isinstance(error, OSError):
        return {
            "message": f"Something unforeseen happened ({named}).{limit_hint()} "
            "Please report it with the log.",
            "cause": None,
            "unforeseen": True,
        }
    if is_disk_full(error):
        message = "The disk is full, so a file couldn't be written. Free some space, then go on."
        return {"message": message, "cause": None, "disk_full": True}
    message = f"A file can't be read or written ({error}). Look at the disk, then go on."
    return {"message": message, "cause": None}
