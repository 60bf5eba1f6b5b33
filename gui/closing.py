"""What happens to a run when the window closes: asked, done, waited for within bounds."""

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from counterpoise.gui.answering import DEAF_AFTER
from counterpoise.gui.closing_dialog import ClosingDialog
from counterpoise.gui.run_control import RunControl

LONGEST: dict[str, float] = {"pause": DEAF_AFTER, "stop": 300.0}
"""Seconds the window waits for the answer; a request that was heard is carried out without it as well."""
LOOK_MS = 500


class Closing(QObject):
    """Asks whether, and how, the window may close while ``control`` follows a run that goes on."""

    agreed = Signal()
    """The window may close now."""

    def __init__(self, window: QWidget, control: RunControl) -> None:
        super().__init__(window)
        self._window = window
        self._control = control
        self._decided = False
        self.longest = dict(LONGEST)
        self.dialog: ClosingDialog | None = None
        self._clock = QTimer(self)
        self._clock.setInterval(LOOK_MS)
        self._clock.timeout.connect(self._look)
        control.story_changed.connect(self._look)
        control.trouble_changed.connect(self._look)

    def may_close(self) -> bool:
        """Whether the window may close at once; where not, the question is open by now."""
        if self._decided or not self._control.busy:
            self._drop()
            return True
        if self.dialog is None:
            self.dialog = ClosingDialog(self._control, self._window)
            self.dialog.chosen.connect(self._chosen)
            self.dialog.close_now.connect(self._agree)
            self.dialog.finished.connect(self._drop)
            if self._control.asked:  # on the page already
                self._wait(self._control.asked)
            self.dialog.open()
        return False

    def leave_going(self) -> None:
        """Let the window close without a question; the run goes on."""
        self._decided = True
        self._drop()

    def _chosen(self, choice: str) -> None:
        if choice == "leave":
            self._agree()
            return
        if choice == "pause":
            self._control.pause()
        else:
            self._control.stop()
        if not self._control.asked:  # it couldn't be asked, and the window says why
            self._drop()
            return
        self._wait(choice)

    def _wait(self, choice: str) -> None:
        if self.dialog is not None:
            self.dialog.wait_for(choice)
        self._clock.start()

    def _look(self) -> None:
        """Close, or go on waiting, by what has become of the run."""
        if self.dialog is None:
            return
        control = self._control
        if not control.busy and control.story.phase == "failed":
            self._drop()  # what went wrong instead is to be read, not closed away
        elif not control.busy or self._waited_enough():
            self._agree()
        else:
            self.dialog.refresh()

    def _waited_enough(self) -> bool:
        """Whether the time for an answer is over; what was heard is done without the window too."""
        asked, heard = self._control.asked, not self._control.look.unread and self._control.trouble is None
        return bool(asked) and heard and self._control.waited > self.longest[asked]

    def _agree(self) -> None:
        self.leave_going()
        self.agreed.emit()

    def _drop(self) -> None:
        self._clock.stop()
        if self.dialog is not None:
            dialog, self.dialog = self.dialog, None
            dialog.close()
            dialog.deleteLater()
