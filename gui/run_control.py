"""Starts runs in processes of their own and follows one: the window may come and go meanwhile."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import psutil
from PySide6.QtCore import QObject, QProcess, QTimer, Signal

from counterpoise.core.jobs.follow import ask, is_owned, self_command
from counterpoise.core.study.run_folder import RunFolder
from counterpoise.gui.jobs import RunFollower
from counterpoise.gui.run_story import RunStory, tell
from counterpoise.gui.texts import train as texts

POLL_MS = 100


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
        self._pid = 0
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
        process = QProcess(self)
        process.setProgram(command[0])
        process.setArguments(command[1:])
        process.setStandardOutputFile(str(said))
        process.setStandardErrorFile(str(said), QProcess.OpenModeFlag.Append)
        started, pid = process.startDetached()
        words = process.errorString()
        process.deleteLater()
        if not started:
            return texts.START_FAILED.format(words)
        self.run, self._pid, self._said, self.asked = run, int(pid), said, ""
        story = self.story if resume else RunStory()
        self.story = replace(story, phase="preparing", stage="start", message="", done=0, total=0)
        self._waiting.start()
        self.story_changed.emit()
        return ""

    def follow(self, run: RunFolder | None) -> None:
        """Read a run's events from the beginning and go on as they come."""
        if run is not None and self.run == run and (self.busy or self._follower is not None):
            return
        self.leave()
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
        self.asked = ""

    def _look_for_owner(self) -> None:
        """Wait for the process to own its run; where it ends before that, say what it said."""
        if self.run is None:
            return
        if is_owned(self.run.owner):
            self._waiting.stop()
            self._follow()
        elif not psutil.pid_exists(self._pid) or _is_zombie(self._pid):
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
        self.story = RunStory()
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
        self.run_ended.emit()

    def _fail(self, message: str, *, resumable: bool = False) -> None:
        self.asked = ""
        self.story = replace(self.story, phase="failed", message=message, resumable=resumable)
        self.story_changed.emit()


def _is_zombie(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return True


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
