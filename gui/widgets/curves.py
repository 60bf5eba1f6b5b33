"""The live plots of a run: AUC above, losses below, guards as marks on both."""

import math
from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from counterpoise.gui.run_story import RunStory
from counterpoise.gui.texts import train as texts
from counterpoise.gui.widgets.legend import Legend
from counterpoise.gui.widgets.line_plot import LinePlot, Series

AUC = Series("val_auc", "plot2")
LOSSES = (Series("loss", "plot1"), Series("val_loss", "plot2"))
LEAST_ROUNDS = 10
"""The axis of a young run already reaches so far, so that its first rounds don't jump about."""


class Curves(QWidget):
    """Draws a story's rounds; the points drawn are those of the events, none left out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.auc = LinePlot((AUC,), texts.AUC_PLOT, self)
        self.loss = LinePlot(LOSSES, texts.LOSS_PLOT, self)
        self.loss.setXLink(self.auc)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(_heading(texts.AUC_TITLE, texts.AUC_NOTE))
        layout.addWidget(self.auc, 1)
        layout.addLayout(_heading(texts.LOSS_TITLE, texts.LOSS_NOTE))
        layout.addWidget(self.loss, 1)
        legend = Legend([(s.tone, texts.SERIES[s.name]) for s in LOSSES])
        layout.addWidget(legend)
        for plot in (self.auc, self.loss):
            plot.setMinimumHeight(120)
            plot.getAxis("left").setWidth(40)

    def set_story(self, story: RunStory) -> None:
        """Draw the rounds and marks of ``story``."""
        self.auc.set_points("val_auc", story.points("val_auc"))
        for series in LOSSES:
            self.loss.set_points(series.name, story.points(series.name))
        last = max(story.last_epoch, LEAST_ROUNDS)
        planned = story.planned_epochs or 0
        self.auc.setXRange(
            0 if not story.epochs else min(story.epochs), planned if last < planned <= 3 * last else last
        )
        values = [value for _, value in story.points("val_auc")]
        self.auc.setYRange(*auc_range(values), padding=0)
        losses = [value for series in LOSSES for _, value in story.points(series.name)]
        self.loss.setYRange(0, 1.05 * max(losses, default=1.0) or 1.0, padding=0)
        marks = [(mark.epoch, texts.mark(mark.code)) for mark in story.marks]
        self.auc.set_marks([(place, "") for place, _ in marks])
        self.loss.set_marks(marks)


def auc_range(values: Sequence[float]) -> tuple[float, float]:
    """Return the ends of an AUC axis: up to 1, and down far enough for steps to look as small as they are.

    >>> auc_range([0.97, 0.985])
    (0.9, 1.005)
    """
    lowest = min(values, default=0.5)
    return min(math.floor(10 * lowest) / 10, 0.9), 1.005


def _heading(title: str, note: str) -> QHBoxLayout:
    row = QHBoxLayout()
    for text, role in ((title, "heading"), (note, "muted")):
        label = QLabel(text)
        label.setProperty("role", role)
        row.addWidget(label)
    row.addStretch(1)
    return row
