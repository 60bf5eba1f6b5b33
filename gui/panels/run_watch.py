"""A run as it goes: curves, the best figure so far, what is being done, and what happened."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from counterpoise.core.findings.words import percent
from counterpoise.gui.panels.happened import HappenedCard
from counterpoise.gui.run_story import RunStory
from counterpoise.gui.texts import train as texts
from counterpoise.gui.theme import px
from counterpoise.gui.widgets.cards import Card
from counterpoise.gui.widgets.curves import Curves
from counterpoise.gui.widgets.labels import label

SIDE_WIDTH = 286


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
        self.happened = HappenedCard()
        self.happened.images_asked.connect(self.images_asked)
        for plot in (self.curves.auc, self.curves.loss):
            plot.marks.chosen.connect(self.happened.show_round)
        side.addWidget(self.happened, 1)
        holder = QWidget()
        holder.setLayout(side)
        side.setContentsMargins(0, 0, 0, 0)
        holder.setMinimumWidth(px(SIDE_WIDTH))
        holder.setMaximumWidth(px(1.4 * SIDE_WIDTH))
        row.addWidget(holder)

    def set_story(self, story: RunStory, *, explained: bool = False) -> None:
        """Show ``story``; ``explained`` where the page says elsewhere why it failed or learned nothing."""
        self.curves.set_story(story)
        self.progress.set_story(story)
        self.happened.set_story(story, explained=explained)


class ProgressCard(Card):
    """What is being done, the best figure so far, a bar, and the small figures."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.doing = label("", "small", wrap=True)
        self.figure = label(texts.NO_SCORE, "big")
        self.best = label("", "small", wrap=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 1000)
        for widget in (self.doing, self.figure, self.best, self.bar):
            self.body.addWidget(widget)
        grid = QGridLayout()
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        self.values: dict[str, QLabel] = {}
        for row, (key, words) in enumerate(texts.VALUES.items()):
            self.values[key] = label("", "small")
            grid.addWidget(label(words, "small"), row, 0)
            grid.addWidget(self.values[key], row, 1, Qt.AlignmentFlag.AlignRight)
        self.body.addLayout(grid)

    def set_story(self, story: RunStory) -> None:
        best, share, running = story.best, story.share, story.running
        if story.learning or (story.epochs and not running):
            self.doing.setText(texts.round_of(story.last_epoch, story.planned_epochs if running else None))
        else:
            self.doing.setText(texts.stage_progress(story.stage, story.done, story.total) if running else "")
        if story.held is not None:
            self.doing.setText(texts.HELD.get(story.held.code, texts.guard_title(story.held.code)))
        if best or not running or share is None:
            self.figure.setText(texts.score(best[1] if best else None))
        else:
            self.figure.setText(percent(share))
        self.best.setText(texts.BEST.format(best[0]) if best else "")
        self.best.setVisible(best is not None)
        self.bar.setVisible(running)
        self.bar.setRange(0, 0 if running and share is None else 1000)
        self.bar.setValue(round(1000 * (share or 0)))
        self.bar.setAccessibleName(self.doing.text())
        rates = story.line("learning_rate")
        for key, words in texts.values(
            seconds_left=story.seconds_left if running else None,
            images_per_second=story.images_per_second,
            memory=story.memory,
            learning_rate=rates[-1][1] if rates else None,
            device=story.device,
        ).items():
            self.values[key].setText(words)
