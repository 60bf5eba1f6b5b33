"""The question of a closing window, and the wait for what was chosen."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QDialog, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from counterpoise.gui.panels.run_trouble import CAN_END, WaysOut
from counterpoise.gui.run_control import RunControl
from counterpoise.gui.texts import closing as texts
from counterpoise.gui.texts import train as train_texts
from counterpoise.gui.texts import trouble as trouble_texts
from counterpoise.gui.theme import px
from counterpoise.gui.widgets.choices import ChoiceCard
from counterpoise.gui.widgets.labels import button, label

WIDTH = 540


class ClosingDialog(QDialog):
    """Three ways and their consequences; then, where one takes time, how it goes."""

    chosen = Signal(str)
    """``leave``, ``pause`` or ``stop``; ``wait_for`` is to follow for the latter two."""
    close_now = Signal()
    """Close, though the answer hasn't come yet."""

    def __init__(self, control: RunControl, parent: QWidget) -> None:
        super().__init__(parent)
        self._control = control
        self.setWindowTitle(texts.TITLE)
        self.setFixedWidth(px(WIDTH))
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(10)
        self.title = label(texts.TITLE, "title", wrap=True)
        self.words = label("", "muted", wrap=True)
        column.addWidget(self.title)
        column.addWidget(self.words)
        self.cards: dict[str, ChoiceCard] = {}
        for key, title, consequence in texts.CHOICES:
            card = self.cards[key] = ChoiceCard(title, consequence)
            card.clicked.connect(lambda _=False, key=key: self.chosen.emit(key))
            column.addWidget(card)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.hide()
        column.addWidget(self.bar)
        self.trouble = label("", wrap=True)
        self.trouble.hide()
        column.addWidget(self.trouble)
        column.addLayout(self._ways_out())
        column.addSpacing(4)
        column.addLayout(self._buttons())
        self.cards["leave"].setChecked(True)
        self.cards["leave"].setFocus()
        self.refresh()

    def _ways_out(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(10)
        self.ways = WaysOut(self._control)
        for made in (self.ways.wake, self.ways.end):
            made.hide()
            row.addWidget(made)
        row.addStretch(1)
        return row

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(10)
        self.now = button(texts.CLOSE_NOW, on_click=self.close_now.emit)
        self.cancel = button(texts.CANCEL, on_click=self.reject)
        self.now.hide()
        row.addWidget(self.now)
        row.addStretch(1)
        row.addWidget(self.cancel)
        for made in (self.ways.wake, self.ways.end, self.now, self.cancel):
            made.setAutoDefault(False)  # Return presses what has the focus, see below
        return row

    def wait_for(self, choice: str) -> None:
        """Show that the window waits for the answer to ``pause`` or ``stop``."""
        self.title.setText(texts.WAITING[choice])
        for card in self.cards.values():
            card.hide()
        self.bar.show()
        self.now.setToolTip(texts.CLOSE_NOW_HELP[choice])
        self.now.show()
        self.cancel.setFocus()
        self.refresh()
        self.adjustSize()

    def refresh(self) -> None:
        """Show the run as it stands."""
        control, story = self._control, self._control.story
        doing = train_texts.stage_progress(story.stage, story.done, story.total)
        if story.learning:
            doing = train_texts.round_of(story.last_epoch, story.planned_epochs)
        waiting = not self.bar.isHidden() and control.asked
        name = control.run.root.name if control.run is not None else ""
        if waiting:
            answering = control.trouble not in CAN_END
            self.words.setText(texts.waiting(control.asked, doing, control.waited, answering=answering))
            share = story.share if control.asked == "stop" else None
            self.bar.setRange(0, 0 if share is None else 1000)
            self.bar.setValue(round(1000 * (share or 0)))
            self.bar.setAccessibleName(self.words.text())
        else:
            self.words.setText(texts.running(name, doing, story.seconds_left))
            early = story.phase != "learning"
            self.cards["stop"].setEnabled(not early)
            _, title, consequence = texts.CHOICES[-1]
            self.cards["stop"].set_words(title, texts.TOO_EARLY if early else consequence)
        trouble = control.trouble
        if trouble is not None:
            said = trouble_texts.text(trouble, control.asked, control.waited, control.look.quiet)
            self.trouble.setText(f"{trouble_texts.TITLES[trouble]}. {said}")
        changed = self.trouble.isHidden() == (trouble is not None)
        self.trouble.setVisible(trouble is not None)
        self.ways.refresh()
        if changed:
            self.adjustSize()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        focus = self.focusWidget()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(focus, QAbstractButton):
            focus.click()
            return
        super().keyPressEvent(event)
