"""Own a run: start its child, write its events, restart it within bounds, always end with a last line.

Runs without TensorFlow in the process of ``counterpoise train``; the window starts the same command.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from counterpoise.core.findings import Severity, make_finding
from counterpoise.core.jobs.event_writer import Emit, EventWriter
from counterpoise.core.jobs.events import LAST, Event, event
from counterpoise.core.jobs.job import Job
from counterpoise.core.jobs.memory_record import killed_for_memory, names_memory
from counterpoise.core.jobs.ownership import owned
from counterpoise.core.jobs.process import Target, hearing
from counterpoise.core.jobs.run_paths import RunPaths
from counterpoise.core.jobs.scrub import Scrubber
from counterpoise.core.jobs.stall import QUIET, Silence, state_of

POLL = 0.2
"""Seconds to wait for an event before the control file is looked at."""
LOOK = 0.02
"""Seconds between two looks at it while events come in."""
PATIENCE_WITH_CHILD = 30.0
"""Seconds a child has to answer ``pause`` before it is killed (its last checkpoint stays)."""

AfterMemory = Callable[[Any, Event], Any]
"""Takes the payload and the last event of a child whose memory ran out; returns that of the next one."""


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
    quiet: float = QUIET,
    after_memory: AfterMemory | None = None,
) -> int:
    """Run ``target(payload, context)`` as the child of ``run`` to its end; return the exit status.

    The child obeys ``stop`` (end with the best state; its result holds ``"stopped": True``) and
    ``pause`` (its result holds ``"paused": True``). Every event goes to ``events.jsonl``, without
    absolute paths, and to ``emit``; those of ``first`` come before the child's. ``private`` names
    folders that must not appear in the run. A child that says nothing for ``quiet`` seconds, and for far
    longer than usual, is reported as ``stalled``. Raises CounterpoiseError where another live process
    owns the run.
    """
    with owned(run), EventWriter(run.events, Scrubber([*private, run.root]), emit) as write:
        run.control.unlink(missing_ok=True)
        for what in first:
            write(what)
        limits = _Limits(restarts, patience, quiet)
        return _Supervisor(run, target, payload, write, limits, after_memory).run_to_end()


@dataclass(frozen=True)
class _Limits:
    restarts: int
    patience: float
    """Seconds."""
    quiet: float
    """Seconds."""


class _Supervisor:
    def __init__(
        self,
        run: RunPaths,
        target: Target,
        payload: Any,
        write: EventWriter,
        limits: _Limits,
        after_memory: AfterMemory | None,
    ) -> None:
        self._run = run
        self._target = target
        self._payload = payload
        self._write = write
        self._limits = limits
        self._after_memory = after_memory
        self._began = time.monotonic()
        self._why_paused: str | None = None
        """The sentence about a pause that was asked for, by whom."""
        self._asked_at: float | None = None
        self._looked = 0.0
        """When the control file was last looked at."""
        self._stop = False
        self._signals = 0

    def run_to_end(self) -> int:
        with hearing(("SIGINT", "SIGTERM", "SIGHUP"), self._hear):
            for attempt in range(self._limits.restarts + 1):
                last = self._one_child()
                if last["event"] == "finished":
                    return self._finish(last["result"] or {})
                if self._why_paused is not None:
                    return self._fail(self._why_paused)
                cause = last.get("cause")
                if cause is None:
                    return self._fail(last["message"], last.get("exit_status", 1))
                self._say_death(last, attempt)
                if last["memory"] and self._after_memory is not None:
                    self._payload = self._after_memory(self._payload, last)
        return self._fail(
            f"{last['message']} It was started again {self._limits.restarts} times and ended each time. "
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
            silence = Silence(self._limits.quiet)
            while True:
                for what in job.events(timeout=POLL):
                    silence.heard(time.monotonic())
                    if what["event"] in LAST:
                        if what.get("cause"):
                            named = names_memory(what["cause"]["last_words"])
                            what["memory"] = named or killed_for_memory.since(before)
                        return what
                    self._write(what)
                    self._obey(job)
                self._obey(job)
                self._mind(job, silence)

    def _obey(self, job: Job) -> None:
        """Pass on what the control file or a signal asks for; a flood of events doesn't slow this down."""
        if time.monotonic() - self._looked < LOOK and not self._signals:
            return
        self._looked = time.monotonic()
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
        late = self._asked_at is not None and time.monotonic() - self._asked_at > self._limits.patience
        if late or self._signals > 1:
            job.kill()

    def _mind(self, job: Job, silence: Silence) -> None:
        """Say that a child is silent; one that was asked to stop is ended, the next one stops at once."""
        now = time.monotonic()
        if seconds := silence.news(now):
            state = state_of(job.pid)
            evidence = {"seconds": round(seconds), "state": state}
            finding = make_finding("stalled", Severity.WARNING, evidence, variant=state or None)
            self._write(event("guard", **finding.to_json()))
        if self._stop and silence.lasts(now):
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
            {**last["cause"], "memory": memory, "attempt": attempt + 1, "restarts": self._limits.restarts},
            variant="memory" if memory else "again" if attempt < self._limits.restarts else "end",
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
