"""What happened in a run: each guard as a card, the newest first, its images one click away."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from counterpoise.gui.run_story import Mark, RunStory
from counterpoise.gui.texts import train as texts
from counterpoise.gui.texts.common import files
from counterpoise.gui.theme import px
from counterpoise.gui.widgets.cards import Card
from counterpoise.gui.widgets.clearing import clear
from counterpoise.gui.widgets.finding_card import VerdictCard
from counterpoise.gui.widgets.labels import button, label
from counterpoise.gui.widgets.scrolling import scrolling

MOST_MARKS = 30


class HappenedCard(Card):
    """How the run ended, its guards, and the stages it has behind it."""

    images_asked = Signal(tuple)
    """Paths of images that a guard names."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(texts.HAPPENED, parent=parent)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        self.events = QVBoxLayout()
        self.events.setSpacing(8)
        column.addLayout(self.events)
        column.addStretch(1)
        self._area = scrolling(inner)
        self._area.setMinimumHeight(px(72))
        self.body.addWidget(self._area, 1)
        self.cards: list[MarkCard] = []
        """Of the guards shown, the newest first."""
        self._told: tuple[object, ...] = ()

    def set_story(self, story: RunStory, *, explained: bool = False) -> None:
        """Tell ``story``; ``explained`` where the page says elsewhere why it failed or learned nothing."""
        told = (story.marks, story.phase, story.message, story.stages, explained)
        if told == self._told:
            return
        self._told = told
        clear(self.events)
        if (ending := _ending(story, explained)) is not None:
            self.events.addWidget(ending)
        self._tell_marks(story.marks)
        if story.running:
            for name in story.stages[:-1]:
                self.events.addWidget(label(texts.stage_done(name), "small", wrap=True))
        if not story.marks and story.running:
            self.events.addWidget(label(texts.NOTHING_YET, "muted", wrap=True))

    def _tell_marks(self, marks: Sequence[Mark]) -> None:
        self.cards = [MarkCard(mark) for mark in reversed(marks[-MOST_MARKS:])]
        for card in self.cards:
            card.images_asked.connect(self.images_asked)
            self.events.addWidget(card)
        if len(marks) > MOST_MARKS:
            self.events.addWidget(label(texts.earlier(len(marks) - MOST_MARKS), "small", wrap=True))

    def show_round(self, number: float) -> None:
        """Bring the cards of a round into view."""
        for card in self.cards:
            if card.mark.epoch == number:
                self._area.ensureWidgetVisible(card, 0, 0)
                return


class MarkCard(VerdictCard):
    """A guard's title, when it spoke, its sentence, and its images."""

    images_asked = Signal(tuple)

    def __init__(self, mark: Mark, parent: QWidget | None = None) -> None:
        super().__init__(mark.severity, texts.guard_title(mark.code), mark.message, parent)
        self.mark = mark
        self.setToolTip(mark.code)
        when = texts.moment(mark.time, mark.epoch, mark.step)
        self.when = label(when, "small", wrap=True)
        self.add_line(self.when)
        self.setAccessibleDescription(when)
        if mark.paths:
            show = button(texts.show_images(len(mark.paths)), on_click=self._ask)
            self.add_button(show).setToolTip(files(mark.paths))

    def _ask(self) -> None:
        self.images_asked.emit(self.mark.paths)


def _ending(story: RunStory, explained: bool) -> VerdictCard | None:
    """Return what is said of a run that is over, but for a failure that is explained elsewhere."""
    if story.phase == "finished":
        title = texts.STOPPED_TITLE if story.stopped else texts.FINISHED_TITLE
        return VerdictCard("info" if explained else "good", title, story.message)
    if story.phase == "paused":
        return VerdictCard("info", texts.PAUSED_TITLE, texts.PAUSED_TEXT)
    if story.phase == "failed" and not explained:
        note = f" {texts.RESUME_NOTE}" if story.resumable else ""
        return VerdictCard("blocker", texts.FAILED_TITLE, f"{texts.in_the_window(story.message)}{note}")
    return None
