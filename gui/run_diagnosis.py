"""Why the run in hand ended as it did: read in the background, once for each end."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from counterpoise.core.study.run_folder import RunFolder
from counterpoise.gui.jobs import in_background
from counterpoise.gui.run_story import RunStory

if TYPE_CHECKING:
    from counterpoise.core.training.diagnosis import Explanation

ENDED = ("finished", "failed")
Key = tuple[RunFolder, str, float | None]


class RunDiagnosis(QObject):
    """What is to be said of a run that has ended."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.explanations: tuple[Explanation, ...] = ()
        self._key: Key | None = None

    @property
    def useless(self) -> "Explanation | None":
        """The first explanation of a run that failed or learned nothing of use; else None."""
        return next((told for told in self.explanations if told.severity != "info"), None)

    def look_at(self, run: RunFolder | None, story: RunStory) -> None:
        """Diagnose ``run`` where it has ended anew; forget what was said where it goes on."""
        key = (run, story.phase, story.heard) if run is not None and story.phase in ENDED else None
        if key == self._key:
            return
        self._key = key
        if self.explanations:
            self.explanations = ()
            self.changed.emit()
        if run is None or key is None or not run.is_run:
            return

        def work() -> "tuple[Key, tuple[Explanation, ...]]":
            from counterpoise.core.training.diagnosis import diagnose

            return key, diagnose(run)

        # Where its own record can't be read, the run's last sentence has to do.
        in_background(work, self._found, lambda _sentence: None)

    def _found(self, found: "tuple[Key, tuple[Explanation, ...]]") -> None:
        key, explanations = found
        if key == self._key and explanations:
            self.explanations = explanations
            self.changed.emit()
