"""What a person decides of suspects, row by row, and how it is taken back."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from counterpoise.core.catalog.types import ImageRecord
from counterpoise.gui.second_look import SecondLook
from counterpoise.gui.session import Session


@dataclass(frozen=True)
class Decision:
    """One thing done, in a row of the list."""

    row: int
    found_right: ImageRecord | None = None
    """The image whose label was found right, or doubted again; None for an edit."""
    right: bool = False


class Decisions(QObject):
    """Edits are the session's, and undone as such; that a label is right is the second look's."""

    done = Signal(int)
    """The row in which something was decided."""

    def __init__(self, session: Session, look: SecondLook) -> None:
        super().__init__(look)
        self._edits, self._look = session.edits, look
        self._made: list[Decision] = []
        self._editing = False
        session.study_changed.connect(self._made.clear)
        session.edits.changed.connect(self._edited)

    def relabel(self, image: ImageRecord, label: str, row: int) -> None:
        """Give an image another label."""
        self._edit(lambda: self._edits.relabel([image], label))
        self._note(Decision(row))

    def switch_out(self, image: ImageRecord, row: int) -> None:
        """Leave an image out, or take it in again."""
        if self._edits.is_spare(image):
            self._edits.restore([image])  # says why it can't be
            return
        act = self._edits.leave_out if image.part else self._edits.restore
        self._edit(lambda: act([image]))
        self._note(Decision(row))

    def switch_right(self, image: ImageRecord, row: int) -> None:
        """Note that a label is right, or doubt it again."""
        right = not self._look.is_right(image.content, image.label)
        self._look.set_right(image, right)
        self._note(Decision(row, image, right))

    def take_back(self) -> int:
        """Take back what was done last, here or elsewhere; return its row, -1 where that isn't known."""
        last = self._made.pop() if self._made else Decision(-1)
        if last.found_right is not None:
            self._look.set_right(last.found_right, not last.right)
        else:
            self._edit(self._edits.undo)
        return last.row

    def _note(self, made: Decision) -> None:
        self._made.append(made)
        self.done.emit(made.row)

    def _edit(self, act: Callable[[], None]) -> None:
        self._editing = True
        try:
            act()
        finally:
            self._editing = False

    def _edited(self) -> None:
        """Where edits were made or undone elsewhere, the last of those is what is taken back next."""
        if not self._editing:
            self._made.clear()
