"""Own a run: start its child, write its events, restart it within bounds, always end with a last line.

Runs without TensorFlow in the process of ``counterpoise train``; the window starts the same command.
"""

import contextlib
import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO

import psutil

from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.findings import Severity, make_finding
from counterpoise.core.jobs.events import LAST, Event, event, to_line
from counterpoise.core.jobs.follow import is_owned
from counterpoise.core.jobs.job import Job
from counterpoise.core.jobs.memory_record import killed_for_memory
from counterpoise.core.jobs.process import Target, hearing
from counterpoise.core.jobs.run_paths import RunPaths
from counterpoise.core.jobs.scrub import Scrubber

POLL = 0.2
"""Seconds between two looks at the control file."""
PATIENCE_WITH_CHILD = 30.0
"""Seconds a child has to answer ``pause`` before it is killed (its last checkpoint stays)."""

Emit = Callable[[Event], None]


def supervise(
    run: RunPaths,
    target: Target,
    payload: Any,
    *,
    emit: Emit | None = None,
    first: Sequence[Event] = (),
    restarts: int = 3,
    private: tuple[str | Path, ...] = (),
    patience: float = PATIENCE_WITH_CHILD,
) -> int:
    """Run ``target(payload, context)`` as the child of ``run`` to its end; return the exit status.

    The child obeys ``stop`` (end with the best state; its result holds ``"stopped": True``) and
    ``pause`` (its result holds ``"paused": True``). Every event goes to ``events.jsonl``, without
    absolute paths, and to ``emit``; those of ``first`` come before the child's. ``private`` names
    folders that must not appear in the run. Raises CounterpoiseError where another live process owns it.
    """
    with _owned(run), EventWriter(run.events, Scrubber([*private, run.root]), emit) as write:
        run.control.unlink(missing_ok=True)
        for what in first:
            write(what)
        return _Supervisor(run, target, payload, write, restarts, patience).run_to_end()


class EventWriter:
    """Appends events to a file, a flushed line each; a line cut off by an earlier death is removed first."""

    def __init__(self, path: Path, scrubber: Scrubber, emit: Emit | None) -> None:
        self.scrubber = scrubber
        self._emit = emit
        _drop_partial_line(path)
        self._file: TextIO = path.open("a", encoding="utf-8")

    def __call__(self, what: Event) -> None:
        clean: Event = self.scrubber.value(what)
        # A full disk must not end the run for the sake of its story.
        with contextlib.suppress(OSError):
            self._file.write(to_line(clean))
            self._file.flush()
        if self._emit is not None:
            try:
                self._emit(clean)
            except OSError:  # whoever listened has gone (a closed pipe or terminal): the run goes on
                self._emit = None

    def __enter__(self) -> "EventWriter":
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._file.close()


class _Supervisor:
    def __init__(
        self, run: RunPaths, target: Target, payload: Any, write: EventWriter, restarts: int, patience: float
    ) -> None:
        self._run = run
        self._target = target
        self._payload = payload
        self._write = write
        self._restarts = restarts
        self._patience = patience
        self._began = time.monotonic()
        self._why_paused: str | None = None
        """The sentence about a pause that was asked for, by whom."""
        self._asked_at: float | None = None
        self._stop = False
        self._signals = 0

    def run_to_end(self) -> int:
        with hearing(("SIGINT", "SIGTERM", "SIGHUP"), self._hear):
            for attempt in range(self._restarts + 1):
                last = self._one_child()
                if last["event"] == "finished":
                    return self._finish(last["result"] or {})
                if self._why_paused is not None:
                    return self._fail(self._why_paused)
                cause = last.get("cause")
                if cause is None:
                    return self._fail(last["message"], last.get("exit_status", 1))
                self._say_death(last, attempt)
        return self._fail(
            f"{last['message']} It was started again {self._restarts} times and ended each time. "
            "What was learned is kept: free memory or disk, or look at log.txt, then go on with --resume."
        )

    def _one_child(self) -> Event:
        before = killed_for_memory.reading()
        job = Job(
            self._target,
            self._payload,
            log=self._run.log,
            name="training process",
            scrubber=self._write.scrubber,
        )
        with job:
            if self._stop:  # asked of a child that died of something else
                job.send("stop")
            while True:
                for what in job.events(timeout=POLL):
                    if what["event"] in LAST:
                        if what.get("cause"):
                            what["memory"] = killed_for_memory.since(before)
                        return what
                    self._write(what)
                    self._obey(job)
                self._obey(job)

    def _obey(self, job: Job) -> None:
        """Pass on what the control file or a signal asks for."""
        asked = _take_command(self._run.control)
        if asked == "stop":
            self._stop = True
            job.send("stop")
        wants_pause = asked == "pause" or self._signals
        if wants_pause and self._why_paused is None:
            self._why_paused = (
                "Training was interrupted; what was done so far is kept. Go on with --resume."
                if self._signals
                else "Training is paused; what was done so far is kept. Go on with --resume."
            )
            self._asked_at = time.monotonic()
            job.send("pause")
        late = self._asked_at is not None and time.monotonic() - self._asked_at > self._patience
        if late or self._signals > 1:
            job.kill()

    def _finish(self, result: dict[str, Any]) -> int:
        if result.get("paused"):
            return self._fail(self._why_paused or "Training is paused. Go on with --resume.")
        message = result.pop("message", "Training has finished.")
        self._write(
            event("finished", message=message, **{"stopped": False, **result}, seconds=self._seconds())
        )
        return 0

    def _fail(self, message: str, status: int = 1) -> int:
        self._write(
            event(
                "failed",
                message=message,
                resumable=True,
                paused=self._why_paused is not None,
                seconds=self._seconds(),
            )
        )
        return status

    def _say_death(self, last: Event, attempt: int) -> None:
        memory = bool(last.get("memory"))
        finding = make_finding(
            "process-died",
            Severity.WARNING,
            {**last["cause"], "memory": memory, "attempt": attempt + 1, "restarts": self._restarts},
            variant="memory" if memory else "again" if attempt < self._restarts else "end",
            words={"what": last["message"].rstrip(".")},
        )
        self._write(event("guard", **finding.to_json()))

    def _seconds(self) -> float:
        return round(time.monotonic() - self._began, 3)

    def _hear(self) -> None:
        """Ctrl-C, SIGTERM and a closed terminal pause the run; a second one ends it at once."""
        self._signals += 1


def _take_command(control: Path) -> str | None:
    """Return and remove what the control file asks for."""
    try:
        asked = control.read_text(encoding="utf-8").strip()
    except OSError:
        return None
    control.unlink(missing_ok=True)
    return asked


@contextlib.contextmanager
def _owned(run: RunPaths) -> Iterator[None]:
    """Hold the run for this process; raises CounterpoiseError where another one holds it."""
    mine = json.dumps({"pid": os.getpid(), "created": psutil.Process().create_time()})
    for _ in range(3):
        try:
            descriptor = os.open(run.owner, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
        except FileExistsError:
            if is_owned(run.owner):
                raise CounterpoiseError(
                    f"The run {run.root} is being trained by another process right now. "
                    "Wait for it, or stop it there."
                ) from None
            run.owner.unlink(missing_ok=True)  # left by a process that was killed
            continue
        with os.fdopen(descriptor, "w") as file:
            file.write(mine)
        break
    else:
        raise CounterpoiseError(f"The run {run.root} can't be owned: {run.owner.name} keeps coming back.")
    try:
        yield
    finally:
        run.owner.unlink(missing_ok=True)


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
