"""Starts runs in processes of their own and follows one: the window may come and go meanwhile."""

import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from PySide6.QtCore import QObject, QTimer, Signal

from counterpoise.core.jobs.follow import ask, self_command
from counterpoise.core.study.run_folder import RunFolder
from counterpoise.gui.answering import Look, Trouble, judge
from counterpoise.gui.jobs import in_background
from counterpoise.gui.last_words import last_event, last_words
from counterpoise.gui.run_follower import RunFollower
from counterpoise.gui.run_story import RunStory
from counterpoise.gui.texts import train as texts
from counterpoise.gui.texts import trouble as trouble_texts

POLL_MS = 100
_DETACHED: dict[str, Any] = {"start_new_session": True}
"""Neither Ctrl-C in the window's terminal nor its end reaches a run."""
if sys.platform == "win32":
    _DETACHED = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.DETACHED_PROCESS}


class RunControl(QObject):
    """The story of one run, live, and the few things one can ask of it."""

    story_changed = Signal()
    trouble_changed = Signal()
    """``trouble``, or how long it has lasted, is another."""
    run_ended = Signal()
    """The run followed has come to an end, good or bad, while it was watched."""
    problem = Signal(str)
    """A sentence: something that was asked can't be done."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.run: RunFolder | None = None
        self.story = RunStory()
        self.asked = ""
        """``stop`` or ``pause`` while the run hasn't answered yet."""
        self.look = Look()
        self.trouble: Trouble | None = None
        """Why the run can't be followed or steered as usual, as far as can be seen."""
        self.ending = False
        """Whether its processes are being ended from here."""
        self._asked_at = 0.0
        self._unsent = False
        """Whether ``asked`` waits for a supervisor who listens."""
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

    @property
    def waited(self) -> float:
        """Seconds since it was asked for something; 0 where nothing was."""
        return time.monotonic() - self._asked_at if self.asked else 0.0

    # ---- begin and leave

    def start(
        self, study: Path, run: RunFolder, accepted: Sequence[str] = (), *, resume: bool = False
    ) -> str:
        """Start ``counterpoise train`` for ``run`` as a process that outlives the window.

        Returns an empty text, or why it couldn't be started.
        """
        self.leave()
        command = [*self_command(), "train", str(study), "--run", str(run.root), "--json"]
        command += ["--resume"] if resume else []
        for code in accepted:
            command += ["--accept", code]
        said = run.root.parent / f".{run.root.name}.starting"
        try:
            run.root.parent.mkdir(exist_ok=True)  # not the study's, where that has gone
            with said.open("wb") as output:
                self._process = subprocess.Popen(
                    command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, **_DETACHED
                )
        except OSError as error:
            return texts.START_FAILED.format(error.strerror)
        # A run that is over must not stay as a zombie because nobody fetched its exit status.
        threading.Thread(target=self._process.wait, name="reaper", daemon=True).start()
        self.run, self._said = run, said
        story = self.story if resume else RunStory()
        self.story = replace(story, phase="preparing", stage="start", message="", done=0, total=0)
        self._live = True
        self._waiting.start()
        self.story_changed.emit()
        return ""

    def follow(self, run: RunFolder | None) -> None:
        """Read a run's events from the beginning and go on as they come."""
        from counterpoise.core.jobs.ownership import is_owned

        live = run is not None and is_owned(run.owner)
        if run is not None and run == self.run and (self.busy or self._follower or not live):
            return
        self.leave()
        self._live = live
        self.run, self.story = run, RunStory()
        if run is not None and (live or run.events.exists()):
            self._follow()
        self.story_changed.emit()

    def leave(self) -> None:
        """Stop watching; the run goes on."""
        self._waiting.stop()
        if self._follower is not None:
            follower, self._follower = self._follower, None
            follower.close()
            follower.deleteLater()
        self._process = None
        self.asked, self._unsent, self.ending = "", False, False
        self._see(Look())

    # ---- ask

    def stop(self) -> None:
        """Ask the run to finish now with its best state."""
        self._ask("stop")

    def pause(self) -> None:
        """Ask the run to end so that it can go on later."""
        self._ask("pause")

    def _ask(self, what: Literal["stop", "pause"]) -> None:
        if self.run is None or not self.busy:
            return
        self.asked, self._asked_at = what, time.monotonic()
        # One who has just become the owner clears away what was asked of the one before.
        self._unsent = self._waiting.isActive() or self.story.heard is None
        if not self._unsent:
            self._send()
        self.story_changed.emit()

    def _send(self) -> None:
        self._unsent = False
        if self.run is None:
            return
        try:
            ask(self.run.control, "stop" if self.asked == "stop" else "pause")
        except OSError as error:
            self.asked = ""
            self.problem.emit(trouble_texts.not_asked(error.strerror or str(error)))

    def end_now(self) -> None:
        """Kill the run's processes; what it had saved stays."""
        owner = self._follower.owner if self._follower is not None else None
        if owner is None or self.ending:
            return
        from counterpoise.gui.run_family import end

        self.ending = True
        in_background(lambda: end(owner), self._killed)
        self.trouble_changed.emit()

    def _killed(self, gone: bool) -> None:
        if not gone:
            self.ending = False
            self.problem.emit(trouble_texts.NOT_ENDED)
            self.trouble_changed.emit()

    def wake(self) -> None:
        """Let a halted run go on."""
        owner = self._follower.owner if self._follower is not None else None
        if owner is not None:
            from counterpoise.gui.run_family import wake

            in_background(lambda: wake(owner))

    # ---- hear

    def _look_for_owner(self) -> None:
        """Wait for the process to own its run; where it ends before that, say what it said."""
        from counterpoise.core.jobs.ownership import is_owned

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
                self._fail(last_words(self._said))

    def _ended_quickly(self) -> bool:
        """Whether the run's own events tell of this start (a run that was over between two looks)."""
        last = last_event(self.run.events) if self.run else None
        said = last_event(self._said)
        return bool(last and said and last.get("time") == said.get("time"))

    def _follow(self) -> None:
        if self.run is None:
            return
        self.story = RunStory(phase="preparing", stage="start") if self._live else RunStory()
        self._follower = RunFollower(self.run, self.story, self)
        self._follower.told.connect(self._told)
        self._follower.ended.connect(self._ended)
        self._follower.start()

    def _told(self, story: RunStory, look: Look) -> None:
        if self.sender() is not self._follower:
            return
        if story is not self.story:
            self.story = story
            if not story.running:
                self.asked = ""
            elif self._unsent:
                self._send()
            self.story_changed.emit()
        self._see(look)

    def _see(self, look: Look) -> None:
        before, self.look = self.trouble, look
        self.trouble = judge(look, self.asked, self.waited) if self.busy else None
        if self.trouble is not None or before is not None:
            self.trouble_changed.emit()

    def _ended(self) -> None:
        if self.sender() is not self._follower or self._follower is None:
            return
        self._follower.wait()
        self._follower.deleteLater()
        self._follower = None
        ended_here, self.ending = self.ending, False
        if self.story.running:
            self._gone(ended_here)
        else:
            self.story_changed.emit()
        self._see(Look())
        if self._said is not None:
            self._said.unlink(missing_ok=True)
            self._said = None
        self._process = None
        if self._live:
            self._live = False
            self.run_ended.emit()

    def _gone(self, ended_here: bool) -> None:
        """Say what became of a run that is over without a last word that could be read."""
        run = self.run
        if run is None:
            return
        if run.is_finished:
            message = trouble_texts.FINISHED_UNSEEN
            self.story = replace(self.story, phase="finished", message=message, resumable=False)
            self.asked = ""
            self.story_changed.emit()
        elif not run.root.is_dir():
            self._fail(trouble_texts.folder_lost(run.root.name))
        else:
            untold = texts.OWNER_GONE if run.events.exists() else trouble_texts.RECORD_LOST
            self._fail(trouble_texts.ENDED_HERE if ended_here else untold, resumable=run.is_run)

    def _fail(self, message: str, *, resumable: bool = False) -> None:
        self.asked, self._unsent = "", False
        self.story = replace(self.story, phase="failed", message=message, resumable=resumable)
        self.story_changed.emit()
