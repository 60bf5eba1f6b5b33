"""Frames that hold what belongs together."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from counterpoise.gui.widgets.labels import label


class Card(QFrame):
    """A surface with a heading, a muted note beside it, and a body."""

    def __init__(self, title: str = "", note: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(16, 13, 16, 14)
        outer.setSpacing(8)
        self.head = QHBoxLayout()
        self.head.setSpacing(6)
        self.title_label = label(title, "heading")
        self.note_label = label(note, "muted")
        self.head.addWidget(self.title_label)
        self.head.addWidget(self.note_label)
        self.head.addStretch(1)
        outer.addLayout(self.head)
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        outer.addLayout(self.body, 1)
        self.set_title(title, note)

    def set_title(self, title: str, note: str = "") -> None:
        """Change heading and note; empty ones take no room."""
        self.title_label.setText(title)
        self.title_label.setVisible(bool(title))
        self.note_label.setText(note)
        self.note_label.setVisible(bool(note))
        if title:
            self.setAccessibleName(f"{title} {note}".strip())
