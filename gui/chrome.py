"""What surrounds the steps: header, footer, and the line that says what went wrong."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QWidget

from counterpoise.core.settings import Settings
from counterpoise.gui.icons import icon
from counterpoise.gui.session import Session
from counterpoise.gui.steps.base import Step
from counterpoise.gui.texts import help as help_texts
from counterpoise.gui.texts import window as texts
from counterpoise.gui.widgets.labels import button, label


class Header(QWidget):
    """Program, study, device, promise, appearance."""

    theme_asked = Signal(str)
    scale_asked = Signal(float)
    help_asked = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.setObjectName("header")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 9, 20, 9)
        row.setSpacing(12)
        row.addWidget(label(texts.PROGRAM, "brand"))
        self.study = label("", "muted")
        row.addWidget(self.study)
        row.addStretch(1)
        self.device = button(texts.LOOKING, "chip", self._explain_device)
        row.addWidget(self.device)
        local = label(texts.LOCAL, "pill")
        local.setToolTip(texts.LOCAL_HELP)
        row.addWidget(local)
        self.look = button("", "chip", name=texts.APPEARANCE)
        self.look.setToolTip(texts.APPEARANCE)
        row.addWidget(self.look)
        self.help = button(help_texts.OPEN, "chip", self.help_asked.emit)
        self.help.setToolTip(help_texts.OPEN_HINT)
        self.help.setShortcut("F1")
        row.addWidget(self.help)
        self._menu()
        session.study_changed.connect(self._show_study)
        session.host_changed.connect(self._show_device)

    def _menu(self) -> None:
        menu = QMenu(self.look)
        group = QActionGroup(menu)
        self._themes = {}
        for key, words in texts.THEME.items():
            action = menu.addAction(words)
            action.setCheckable(True)
            action.triggered.connect(lambda _=False, key=key: self.theme_asked.emit(key))
            group.addAction(action)
            self._themes[key] = action
        menu.addSeparator()
        for words, keys, change in (
            (texts.LARGER, "Ctrl++", 0.1),
            (texts.SMALLER, "Ctrl+-", -0.1),
            (texts.NORMAL, "Ctrl+0", 0.0),
        ):
            action = menu.addAction(f"{words}\t{keys}")
            action.triggered.connect(lambda _=False, change=change: self.scale_asked.emit(change))
        self.look.setMenu(menu)
        self.show_theme(self.session.preferences.theme)

    def show_theme(self, choice: str) -> None:
        """Tick the theme in force."""
        self._themes[choice].setChecked(True)
        self._icon()

    def _icon(self) -> None:
        from counterpoise.gui.theme import colours

        self.look.setIcon(icon("moon" if colours().name == "dark" else "sun", size=16))

    def changeEvent(self, event) -> None:  # type: ignore[no-untyped-def]  # Qt's own signature
        super().changeEvent(event)
        if event.type() == event.Type.PaletteChange and hasattr(self, "look"):
            self._icon()

    def _show_study(self) -> None:
        self.study.setText(self.session.study_name)

    def _show_device(self) -> None:
        host = self.session.host
        if host is None:
            return
        gpu = host.gpus[0].name if host.gpu_usable else ""
        words = texts.device(gpu, host.cores)
        self.device.setText(words if gpu else f"{words} {texts.WHY}")
        self.device.setToolTip(texts.device_help(host.gpu_reason, host.memory_free, host.memory_total))

    def _explain_device(self) -> None:
        if self.session.host is not None:
            self.session.problem.emit(self.device.toolTip())


class Footer(QWidget):
    """Back and the step's own buttons on the left, the one main button on the right."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("footer")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(self)
        row.setContentsMargins(28, 13, 28, 13)
        row.setSpacing(12)
        self.back = button(texts.BACK)
        row.addWidget(self.back)
        self._left = QHBoxLayout()
        self._left.setSpacing(12)
        row.addLayout(self._left)
        self.hint = label("", "muted", wrap=True)  # else a long button beside it would squeeze the steps
        self.hint.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.hint, 1)
        self.main = button("", "primary")
        self.main.setAutoDefault(True)  # Return presses it while it has the focus
        self.main.setToolTip(texts.MAIN_KEYS)
        row.addWidget(self.main)
        self._holders: dict[str, QWidget] = {}

    def adopt(self, name: str, extra: list[QPushButton]) -> None:
        """Take in the buttons of a step; they are seen while the step is."""
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        for made in extra:
            row.addWidget(made)
        holder.hide()
        self._left.addWidget(holder)
        self._holders[name] = holder

    def show_step(self, step: Step, *, first: bool) -> None:
        """Show the buttons of ``step``."""
        self.back.setVisible(not first)
        for name, holder in self._holders.items():
            holder.setVisible(name == step.name)
        self.main.setText(step.next_label)
        self.main.setVisible(bool(step.next_label))
        self.main.setEnabled(step.next_enabled)
        self.hint.setText(step.next_hint)


class ProblemLine(QFrame):
    """A sentence across the foot of the page, with a button to dismiss it. Never a dialog."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setProperty("severity", "info")
        row = QHBoxLayout(self)
        row.setContentsMargins(28, 8, 28, 8)
        self.words = label("", wrap=True)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row.addWidget(self.words, 1)
        self.undo = button(texts.UNDO, "small", self._undo)
        row.addWidget(self.undo)
        row.addWidget(button(texts.DISMISS, "small", self.hide))
        self._session = session
        self._before: Settings | None = None
        session.problem.connect(self.say)
        session.fixed.connect(self._fixed)
        session.settings_changed.connect(self._settings_changed)
        session.study_changed.connect(self.hide)
        self.hide()

    def say(self, sentence: str) -> None:
        """Show a sentence; an empty one hides the line."""
        self.undo.hide()
        self.words.setText(sentence)
        self.setVisible(bool(sentence))

    def _fixed(self, what: str, before: Settings) -> None:
        self.say(texts.fixed(what))
        self._before = before
        self.undo.show()

    def leave_step(self) -> None:
        """Another step is shown: a fix belongs to the one it was made in; other sentences stay."""
        self._session.keep_fix()
        if not self.undo.isHidden():
            self.hide()

    def _undo(self) -> None:
        if self._before is not None:
            self.say(self._session.set_settings(self._before))

    def _settings_changed(self) -> None:
        if not self.undo.isHidden() and self._session.settings == self._before:
            self.hide()
