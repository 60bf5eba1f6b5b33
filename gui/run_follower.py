"""The thread that follows a run: reads and folds its events, and looks at its processes."""

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThread, Signal

from counterpoise.gui.answering import Look
from counterpoise.gui.run_story import FIGURES, RunStory, tell

if TYPE_CHECKING:
    import psutil

    from counterpoise.core.study.run_folder import RunFolder

EVERY_MS = 200
BEHIND_MS = 40
"""Pause between two pieces of a record that is still being caught up with."""
PIECE = 250_000
"""Bytes read at once: folding them takes this thread some 40 ms, and the window gets its turns meanwhile."""
LOOK_AFTER = 2.0
"""Seconds of silence after which the processes themselves are looked at."""
SHARE = 0.2
"""Of the newest gap in the running mean of gaps between events."""


class RunFollower(QThread):
    """Reads a run's ``events.jsonl`` as it grows, from the beginning, until nobody owns the run.

    The story is folded here, not in the window's thread: however many events there are, the window
    hears of it five times a second.
    """

    told = Signal(object, object)
    """The ``RunStory`` so far, and a ``Look`` at the run."""
    ended = Signal()
    """Nobody owns the run any more, and everything it wrote has been told."""

    def __init__(
        self, run: "RunFolder", story: RunStory, parent: QObject | None = None, every_ms: int = EVERY_MS
    ) -> None:
        super().__init__(parent)
        self.owner: psutil.Process | None = None
        """The supervisor, once it was seen; it stays known when the run's folder goes away."""
        self._run = run
        self._first = story
        self._every = every_ms

    def run(self) -> None:
        """Follow (in this thread)."""
        from counterpoise.core.jobs.follow import EventFollower
        from counterpoise.core.jobs.ownership import is_owned
        from counterpoise.gui.run_family import is_alive, owner_of

        record = EventFollower(self._run.events)
        story, beginnings = self._first, 0
        heard = shown = time.monotonic()
        usual = 0.0
        while not self.isInterruptionRequested():
            owned = is_owned(self._run.owner)  # asked before reading, so that last words aren't missed
            self.owner = (owner_of(self._run) if owned else None) or self.owner
            new = record.poll(PIECE)
            if record.beginnings != beginnings:
                story, beginnings = self._first, record.beginnings
            now = time.monotonic()
            if new:
                usual += SHARE * (now - heard - usual)
                heard, story = now, tell(story, new)
            folder = self._run.root.is_dir()
            over = not owned and not record.behind and (folder or not is_alive(self.owner))
            if over or not record.behind or 1000 * (now - shown) > self._every:
                shown = now
                _prepare(story)
                self.told.emit(story, self._look(now - heard, usual, readable=not record.lost, folder=folder))
            if over:
                self.ended.emit()
                return
            self.msleep(BEHIND_MS if record.behind else self._every)

    def _look(self, quiet: float, usual: float, *, readable: bool, folder: bool) -> Look:
        from counterpoise.gui.run_family import is_halted

        return Look(
            quiet,
            usual,
            halted=quiet > LOOK_AFTER and is_halted(self.owner),
            record=readable or quiet < LOOK_AFTER,
            folder=folder,
            unread=self._run.control.exists(),
        )

    def close(self) -> None:
        """Stop following; the run goes on."""
        self.requestInterruption()
        self.wait()


def _prepare(story: RunStory) -> None:
    """Make what the window is going to ask of the story here, not in its thread."""
    for name in FIGURES:
        story.line(name)
    _ = story.best, story.last_epoch
