"""A way to tell patients apart by names: in words, on real names, with what comes of it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from counterpoise.core.catalog.name_preview import Preview
from counterpoise.gui.texts import patients as texts
from counterpoise.gui.widgets.labels import button, label
from counterpoise.gui.widgets.name_examples import NameExamples


class PatternBody(QWidget):
    """What a pattern does: examples, numbers, cautions."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        self.examples = NameExamples()
        self.numbers = label("", wrap=True)
        self.cautions = label("", "muted", wrap=True)
        for made in (self.examples, self.numbers, self.cautions):
            column.addWidget(made)

    def show_preview(self, preview: Preview) -> None:
        self.examples.show_preview(preview)
        self.numbers.setText(texts.groups(preview))
        self.cautions.setText(texts.cautions(preview))
        self.cautions.setVisible(bool(self.cautions.text()))


class PatternCard(QFrame):
    """A proposal that is accepted by one click."""

    accepted = Signal(object)
    """The Preview."""

    def __init__(
        self, preview: Preview, *, likely: bool, in_use: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.preview = preview
        self.setProperty("kind", "well")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(6)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(label(texts.title(preview), "heading", wrap=True), 1, Qt.AlignmentFlag.AlignVCenter)
        self.use = button(texts.USE, "primary" if likely else "small", lambda: self.accepted.emit(preview))
        self.use.setAccessibleName(f"{texts.USE}: {texts.title(preview)}")
        self.use.setVisible(not in_use)
        if in_use:
            head.addWidget(label(texts.IN_USE, "badge"), 0, Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(self.use, 0, Qt.AlignmentFlag.AlignVCenter)
        column.addLayout(head)
        self.body = PatternBody()
        self.body.show_preview(preview)
        column.addWidget(self.body)
