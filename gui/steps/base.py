"""What every step is to the window: a title, a body, a state, one main action."""

from enum import StrEnum

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from counterpoise.gui.session import Session


class State(StrEnum):
    TODO = "todo"
    ATTENTION = "attention"
    DONE = "done"


class Step(QScrollArea):
    """A page of the window, fed by the session; it owns nothing that must outlive it.

    A subclass sets ``name``, ``title`` and ``subtitle``, fills ``self.body`` in ``build``, answers
    ``state``, ``next_label`` and ``next_enabled``, and emits ``state_changed`` when an answer would
    differ.
    """

    name = ""
    title = ""
    subtitle = ""

    state_changed = Signal()
    """Step list and footer are to be asked again."""
    wants_step = Signal(str)
    """Go to the step of this name."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.setObjectName("page")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        page = QWidget()
        page.setObjectName("page")
        outer = QVBoxLayout(page)
        outer.setContentsMargins(28, 16, 28, 16)
        outer.setSpacing(14)
        head = QVBoxLayout()
        head.setSpacing(2)
        self.title_label = _label(self.title, "title")
        self.subtitle_label = _label(self.subtitle, "muted")
        self.subtitle_label.setWordWrap(True)
        head.addWidget(self.title_label)
        head.addWidget(self.subtitle_label)
        outer.addLayout(head)
        self.body = QVBoxLayout()
        self.body.setSpacing(14)
        outer.addLayout(self.body, 1)
        self.setWidget(page)
        self.build()

    def build(self) -> None:
        """Make the body's widgets and connect them to the session."""

    def shown(self) -> None:
        """The step comes to the front."""

    @property
    def state(self) -> State:
        """Whether the step is done, needs attention, or isn't done yet."""
        return State.TODO

    @property
    def next_label(self) -> str:
        """Words of the one main button; empty where the step has none now."""
        return ""

    @property
    def next_enabled(self) -> bool:
        return True

    @property
    def next_hint(self) -> str:
        """A few words beside the main button, such as why it can't be pressed."""
        return ""

    def go_next(self) -> None:
        """The main button was pressed."""

    def extra_buttons(self) -> list[QPushButton]:
        """Return buttons for the footer's left side, beside Back; the step shows, hides and enables them."""
        return []

    def show_images(self, paths: tuple[str, ...]) -> None:
        """Show these images, which another step asked for."""

    def offer_way_back(self, name: str) -> None:
        """The step ``name`` asked this one to show something."""

    def close_down(self) -> None:
        """The window closes: end threads and timers."""


def _label(text: str, role: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", role)
    return label
