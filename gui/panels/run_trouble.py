"""A line across the foot of the window while a run doesn't answer, with what one can do about it."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from counterpoise.gui.answering import Trouble
from counterpoise.gui.run_control import RunControl
from counterpoise.gui.texts import trouble as texts
from counterpoise.gui.theme import restyle
from counterpoise.gui.widgets.labels import button, label

CAN_END = (Trouble.FOLDER, Trouble.HALTED, Trouble.DEAF, Trouble.SILENT)


class WaysOut:
    """The buttons that let a halted run go on, or end one that doesn't answer."""

    def __init__(self, control: RunControl) -> None:
        self._control = control
        self.wake = button(texts.WAKE, "small", control.wake)
        self.end = button(texts.END_NOW, "small", control.end_now)
        self.end.setToolTip(texts.END_HELP)

    def refresh(self) -> None:
        """Show what helps now."""
        control = self._control
        self.wake.setVisible(control.trouble is Trouble.HALTED and not control.ending)
        self.end.setVisible(control.trouble in CAN_END)
        self.end.setEnabled(not control.ending)
        self.end.setText(texts.ENDING if control.ending else texts.END_NOW)


class RunTroubleLine(QFrame):
    """Seen on every step, for a run goes on while another step is looked at."""

    def __init__(self, control: RunControl) -> None:
        super().__init__()
        self._control = control
        self.setProperty("severity", "warning")
        row = QHBoxLayout(self)
        row.setContentsMargins(28, 8, 28, 8)
        row.setSpacing(12)
        words = QVBoxLayout()
        words.setSpacing(2)
        self.title = label("", "heading", wrap=True)
        self.words = label("", wrap=True)
        words.addWidget(self.title)
        words.addWidget(self.words)
        row.addLayout(words, 1)
        self.ways = WaysOut(control)
        row.addWidget(self.ways.wake)
        row.addWidget(self.ways.end)
        control.trouble_changed.connect(self.refresh)
        self.hide()

    def refresh(self) -> None:
        """Say what is wrong now; nothing where all is well."""
        control, trouble = self._control, self._control.trouble
        if trouble is None:
            self.hide()
            return
        quiet = self.property("severity") == "info"
        if quiet != (trouble is Trouble.SLOW):
            self.setProperty("severity", "info" if trouble is Trouble.SLOW else "warning")
            restyle(self)
            restyle(self.title)
        self.title.setText(texts.TITLES[trouble])
        self.words.setText(texts.text(trouble, control.asked, control.waited, control.look.quiet))
        self.setAccessibleName(f"{self.title.text()}. {self.words.text()}")
        self.ways.refresh()
        self.show()
