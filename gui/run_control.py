"""Starts runs in processes of their own and follows one: the window may come and go meanwhile."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from counterpoise.core.jobs.follow import ask, self_command
from counterpoise.core.jobs.ownership import is_owned
from counterpoise.core.study.run_folder import RunFolder
from counterpoise.gui.jobs import RunFollower
from counterpoise.gui.run_story import RunStory, tell
from counterpoise.gui.texts import train as texts

POLL_MS = 100
_DETACHED: dict[str, Any] = {"start_new_session": True}
"""Neither Ctrl-C in the window's terminal nor its end reaches a run."""
if sys.platform == "win32":
    _DETACHED = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.DETACHED_PROCESS}


class RunControl(QObject):
    """The story of one run, live, and the few things one can ask of it."""

    story_changed = Signal()
    run_ended = Signal()
    """The run followed has come to an end, good or bad, while it was watched."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.run: RunFolder | None = None
        self.story = RunStory()
        self.asked = ""
        """``stop`` or ``pause`` while the run hasn't answered yet."""
        self._follower: RunFollower | None = None
        self._live = False
        """Whether the run went on when it was first looked at, so that its end is news."""
        self._process: subprocess.Popen[bytes] | None = None
        self._said: Path | None = None
        self._waiting = QTimer(self)
        self._waiting.setInterval(POLL_MS)
        self._waiting.timeout.connect(self._look_for_owner)

    @property
    def busy(self) -> bool:
        """Whether a run is starting or going on."""
        return self._waiting.isActive() or (self._follower is not None and self.story.running)

    def start(
        self, study: Path, run: RunFolder, accepted: Sequence[str] = (), *, resume: bool = False
    ) -> str:
        """Start ``counterpoise train`` for ``run`` as a process that outlives the window.

        Returns an empty text, or why it couldn't be started.
        """
        self.leave()
        run.root.parent.mkdir(parents=True, exist_ok=True)
        command = [*self_command(), "train", str(study), "--run", str(run.root), "--json"]
        command += ["--resume"] if resume else []
        for code in accepted:
            command += ["--accept", code]
        said = run.root.parent / f".{run.root.name}.starting"
        try:
            with said.open("wb") as output:
                self._process = subprocess.Popen(
                    command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, **_DETACHED
                )
        except OSError as error:
            return texts.START_FAILED.format(error.strerror)
        self.run, self._said, self.asked = run, said, ""
        story = self.story if resume else RunStory()
        self.story = replace(story, phase="preparing", stage="start", message="", done=0, total=0)
        self._live = True
        self._waiting.start()
        self.story_changed.emit()
        return ""

    def follow(self, run: RunFolder | None) -> None:
        """Read a run's events from the beginning and go on as they come."""
        live = run is not None and is_owned(run.owner)
        if run is not None and run == self.run and (self.busy or self._follower or not live):
            return
        self.leave()
        self._live = live
        self.run, self.story = run, RunStory()
        if run is not None and run.events.exists():
            self._follow()
        self.story_changed.emit()

    def stop(self) -> None:
        """Ask the run to finish now with its best state."""
        self._ask("stop")

    def pause(self) -> None:
        """Ask the run to end so that it can go on later."""
        self._ask("pause")

    def _ask(self, what: str) -> None:
        if self.run is not None and self.busy:
            ask(self.run.control, "stop" if what == "stop" else "pause")
            self.asked = what
            self.story_changed.emit()

    def leave(self) -> None:
        """Stop watching; the run goes on."""
        self._waiting.stop()
        if self._follower is not None:
            follower, self._follower = self._follower, None
            follower.close()
            follower.deleteLater()
        self._let_go()
        self.asked = ""

    def _let_go(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.returncode = 0  # it goes on without us; Python would warn that nobody waits
        self._process = None

    def _look_for_owner(self) -> None:
        """Wait for the process to own its run; where it ends before that, say what it said."""
        if self.run is None:
            return
        if is_owned(self.run.owner):
            self._waiting.stop()
            self._follow()
        elif self._process is None or self._process.poll() is not None:
            self._waiting.stop()
            if self._ended_quickly():
                self._follow()
            else:
                self._fail(_last_words(self._said))

    def _ended_quickly(self) -> bool:
        """Whether the run's own events tell of this start (a run that was over between two looks)."""
        last = _last_event(self.run.events) if self.run else None
        said = _last_event(self._said)
        return bool(last and said and last.get("time") == said.get("time"))

    def _follow(self) -> None:
        if self.run is None:
            return
        self.story = RunStory(phase="preparing", stage="start") if self._live else RunStory()
        self._follower = RunFollower(self.run, self)
        self._follower.events.connect(self._heard)
        self._follower.ended.connect(self._ended)
        self._follower.start()

    def _heard(self, events: list[dict[str, object]]) -> None:
        if self.sender() is not self._follower:
            return
        self.story = tell(self.story, events)
        if not self.story.running:
            self.asked = ""
        self.story_changed.emit()

    def _ended(self) -> None:
        if self.sender() is not self._follower or self._follower is None:
            return
        self._follower.wait()
        self._follower.deleteLater()
        self._follower = None
        if self.story.running:
            self._fail(texts.OWNER_GONE, resumable=True)
        else:
            self.story_changed.emit()
        if self._said is not None:
            self._said.unlink(missing_ok=True)
            self._said = None
        self._let_go()
        if self._live:
            self._live = False
            self.run_ended.emit()

    def _fail(self, message: str, *, resumable: bool = False) -> None:
        self.asked = ""
        self.story = replace(self.story, phase="failed", message=message, resumable=resumable)
        self.story_changed.emit()


def _last_event(path: Path | None) -> dict[str, object] | None:
    lines = _lines(path)
    for line in reversed(lines):
        try:
            parsed = json.loads(line)
        except ValueError:
            continue
        if isinstance(parsed, dict):
            return parsed
    return None


def _last_words(path: Path | None) -> str:
    """Return what the process said last: its ``failed`` event, else its last line."""
    last = _last_event(path)
    if last and last.get("message"):
        return str(last["message"])
    lines = [line for line in _lines(path) if line.strip()]
    return lines[-1] if lines else texts.OWNER_GONE


def _lines(path: Path | None) -> list[str]:
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines() if path else []
    except OSError:
        return []
