"""A finding as a card: what was seen, why it matters, and buttons that mend or show it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from counterpoise.core.findings import Finding
from counterpoise.gui.icons import icon_pixmap
from counterpoise.gui.pairing import has_pairs
from counterpoise.gui.texts import common, inspect
from counterpoise.gui.theme import colours
from counterpoise.gui.widgets.flow_layout import FlowLayout
from counterpoise.gui.widgets.labels import button, label


class VerdictCard(QFrame):
    """A heading and a sentence on the ground of a severity (``good`` too), with room for buttons."""

    def __init__(self, severity: str, title: str, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.severity = severity
        self.setProperty("severity", severity)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 9, 12, 10)
        row.setSpacing(10)
        self._mark = QLabel()
        self._mark.setFixedWidth(18)
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        self._words = words = QVBoxLayout()
        words.setSpacing(3)
        self.title_label = label(title, "heading", wrap=True)
        words.addWidget(self.title_label)
        self.text_label = label(text, wrap=True)
        self.text_label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words.addWidget(self.text_label)
        row.addLayout(words, 1)
        self.text_label.setVisible(bool(text))  # not before it has a parent: it would be a window
        self.buttons = FlowLayout()  # they break where the card is narrow
        words.addLayout(self.buttons)
        self.setAccessibleName(f"{common.SEVERITY[severity]}: {title}. {text}")
        self._draw_mark()

    def add_line(self, line: QLabel) -> None:
        """Put a line between the heading and the sentence."""
        self._words.insertWidget(1, line)

    def add_button(self, made: QPushButton) -> QPushButton:
        """Put a small button below the words."""
        made.setProperty("kind", "small")
        if not self.buttons.count():
            self._words.insertSpacing(self._words.indexOf(self.buttons), 5)
        self.buttons.addWidget(made)
        return made

    def changeEvent(self, event) -> None:  # type: ignore[no-untyped-def]  # Qt's own signature
        super().changeEvent(event)
        if event.type() == event.Type.PaletteChange:
            self._draw_mark()

    def _draw_mark(self) -> None:
        self._mark.setPixmap(icon_pixmap(self.severity, colours().severity(self.severity)[0], 18))


class FindingCard(VerdictCard):
    """A finding with its fix button, and one that shows its images."""

    fix_asked = Signal(object)
    """The finding whose fix is to be applied."""
    show_asked = Signal(object)
    """The finding whose images are to be shown."""
    pairs_asked = Signal(object)
    """The finding whose pairs are to be shown side by side."""
    files_asked = Signal(object)
    """The finding whose files are to be listed."""

    def __init__(
        self,
        finding: Finding,
        parent: QWidget | None = None,
        *,
        showable: bool = True,
        pairs: bool = False,
        lists_files: bool = False,
    ) -> None:
        super().__init__(str(finding.severity), finding.title, finding.message, parent)
        self.finding = finding
        self.setToolTip(finding.code)
        if finding.fix is not None:
            fix = self.add_button(button(finding.fix.label, on_click=lambda: self.fix_asked.emit(finding)))
            fix.setAccessibleDescription(finding.message)
        if finding.paths and showable:
            self.add_button(button(common.SHOW_IMAGES, on_click=lambda: self.show_asked.emit(finding)))
        if finding.paths and showable and pairs and has_pairs(finding):
            self.add_button(button(inspect.SHOW_PAIRS, on_click=lambda: self.pairs_asked.emit(finding)))
        if finding.paths and not showable and lists_files:
            self.add_button(button(common.WHICH_FILES, on_click=lambda: self.files_asked.emit(finding)))
        elif finding.paths and not showable:
            self.which = self.add_button(button(common.WHICH_FILES))
            self.which.setCheckable(True)
            self.which.toggled.connect(self._name_files)

    def _name_files(self, named: bool) -> None:
        files = common.files(self.finding.paths) if named else ""
        self.text_label.setText("\n".join(filter(None, [self.finding.message, files])))
