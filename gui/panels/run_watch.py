"""A run as it goes: curves, the best figure so far, what is being done, and what happened."""

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from counterpoise.core.findings import CODES
from counterpoise.gui.run_story import Mark, RunStory
from counterpoise.gui.texts import train as texts
from counterpoise.gui.widgets.cards import Card
from counterpoise.gui.widgets.clearing import clear
from counterpoise.gui.widgets.curves import Curves
from counterpoise.gui.widgets.finding_card import VerdictCard
from counterpoise.gui.widgets.labels import button, label

SIDE_WIDTH = 286
MOST_MARKS = 30


class RunWatch(QWidget):
    """Shows a story; it asks nothing of the run itself."""

    images_asked = Signal(tuple)
    """Paths of images that a guard names."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        plots = Card()
        self.curves = Curves()
        plots.body.addWidget(self.curves, 1)
        row.addWidget(plots, 1)
        side = QVBoxLayout()
        side.setSpacing(12)
        self.progress = ProgressCard()
        side.addWidget(self.progress)
        happened = Card(texts.HAPPENED)
        self.events = QVBoxLayout()
        self.events.setSpacing(8)
        happened.body.addLayout(self.events)
        happened.body.addStretch(1)
        side.addWidget(happened, 1)
        holder = QWidget()
        holder.setLayout(side)
        side.setContentsMargins(0, 0, 0, 0)
        holder.setMinimumWidth(SIDE_WIDTH)
        holder.setMaximumWidth(int(SIDE_WIDTH * 1.4))
        row.addWidget(holder)
        self._told: tuple[object, ...] = ()

    def set_story(self, story: RunStory) -> None:
        self.curves.set_story(story)
        self.progress.set_story(story)
        told = (story.marks, story.phase, story.message)
        if told != self._told:
            self._told = told
            self._tell(story)

    def _tell(self, story: RunStory) -> None:
        clear(self.events)
        if (ending := _ending(story)) is not None:
            self.events.addWidget(ending)
        for mark in list(reversed(story.marks))[:MOST_MARKS]:
            self.events.addWidget(self._mark(mark))
        if not story.marks and ending is None:
            self.events.addWidget(label(texts.NOTHING_YET, "muted", wrap=True))

    def _mark(self, mark: Mark) -> VerdictCard:
        title = CODES[mark.code].title if mark.code in CODES else mark.code
        card = VerdictCard(mark.severity, title, mark.message)
        if mark.time:
            card.setToolTip(f"{datetime.fromtimestamp(mark.time):%H:%M:%S}")
        if mark.paths:
            card.add_button(button(texts.SHOW_IMAGES, on_click=lambda: self.images_asked.emit(mark.paths)))
        return card


def _ending(story: RunStory) -> VerdictCard | None:
    """Return what is said of a run that is over."""
    if story.phase == "finished":
        title = texts.STOPPED_TITLE if story.stopped else texts.FINISHED_TITLE
        return VerdictCard("good", title, story.message)
    if story.phase == "paused":
        return VerdictCard("info", texts.PAUSED_TITLE, texts.PAUSED_TEXT)
    if story.phase == "failed":
        note = f" {texts.RESUME_NOTE}" if story.resumable else ""
        return VerdictCard("blocker", texts.FAILED_TITLE, f"{story.message}{note}")
    return None


class ProgressCard(Card):
    """The round, the best figure so far, a bar, and the small figures."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.round: QLabel = label("", "small", wrap=True)
        self.figure = label(texts.NO_SCORE, "big")
        self.best = label("", "small", wrap=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 1000)
        self.figures = label("", "small", wrap=True)
        for widget in (self.round, self.figure, self.best, self.bar, self.figures):
            self.body.addWidget(widget)

    def set_story(self, story: RunStory) -> None:
        best, share = story.best, story.share
        doing = texts.stage_progress(story.stage, story.done, story.total)
        running = story.running
        if story.phase == "learning" or (story.epochs and not running):
            self.round.setText(texts.round_of(story.last_epoch, story.planned_epochs if running else None))
        else:
            self.round.setText(doing if running else "")
        self.figure.setText(texts.score(best[1] if best else None))
        self.best.setText(texts.BEST.format(best[0]) if best else "")
        self.best.setVisible(best is not None)
        self.bar.setVisible(running)
        self.bar.setRange(0, 0 if running and share is None else 1000)
        if share is not None:
            self.bar.setValue(round(1000 * share))
        self.bar.setAccessibleName(doing)
        rates = story.points("learning_rate")
        self.figures.setText(
            texts.figures(
                share=share if running else None,
                seconds_left=story.seconds_left if running else None,
                images_per_second=story.images_per_second,
                memory=story.memory,
                learning_rate=rates[-1][1] if rates else None,
            )
        )
