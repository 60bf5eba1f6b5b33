"""The live plots of a run: AUC above, losses below, guards as marks on both."""

import math
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from counterpoise.gui.run_story import Mark, RunStory
from counterpoise.gui.texts import train as texts
from counterpoise.gui.widgets.legend import Legend
from counterpoise.gui.widgets.line_plot import LinePlot, Series
from counterpoise.gui.widgets.plot_marks import PlotMark

AUC = Series("val_auc", "plot2")
LOSSES = (Series("loss", "plot1"), Series("val_loss", "plot2"))
LEAST_ROUNDS = 10
"""The axis of a young run already reaches so far, so that its first rounds don't jump about."""

URGENCY = ("blocker", "warning", "info")
MOST_MARKED = 40
"""Rounds with a mark: each is drawn anew when one joins them."""
MOST_TOLD = 5
"""Guards of one round that a mark's sentence tells."""


class Curves(QWidget):
    """Draws a story's rounds: all of them, of a very long run the peaks of neighbours."""

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
        self._marks: tuple[Mark, ...] = ()
        for plot in (self.auc, self.loss):
            plot.setMinimumHeight(100)
            plot.getAxis("left").setWidth(40)

    def set_story(self, story: RunStory) -> None:
        """Draw the rounds and marks of ``story``."""
        self.auc.set_points("val_auc", story.line("val_auc"))
        for series in LOSSES:
            self.loss.set_points(series.name, story.line(series.name))
        last = max(story.last_epoch, LEAST_ROUNDS)
        planned = story.planned_epochs or 0
        self.auc.setXRange(
            0 if not story.epochs else min(story.epochs), planned if last < planned <= 3 * last else last
        )
        values = [value for _, value in story.line("val_auc")]
        self.auc.setYRange(*auc_range(values), padding=0)
        losses = [value for series in LOSSES for _, value in story.line(series.name)]
        self.loss.setYRange(0, 1.05 * max(losses, default=1.0) or 1.0, padding=0)
        if story.marks != self._marks:
            self._marks = story.marks
            marks = plot_marks(story.marks)
            self.auc.set_marks([replace(mark, words="") for mark in marks])
            self.loss.set_marks(marks)


def plot_marks(marks: Sequence[Mark]) -> list[PlotMark]:
    """Return one mark for each of the latest rounds that something happened in, in their order.

    Its words are those of the most urgent guard, with the number of the others; its sentence tells all.
    """
    by_round: dict[int, list[Mark]] = {}
    for mark in marks:
        by_round.setdefault(mark.epoch, []).append(mark)
    return [_one(number, by_round[number]) for number in sorted(by_round)[-MOST_MARKED:]]


def _one(number: int, marks: Sequence[Mark]) -> PlotMark:
    first = next((mark for urgent in URGENCY for mark in marks if mark.severity == urgent), marks[0])
    kinds = dict.fromkeys(mark.code for mark in marks)
    words = texts.mark(first.code, others=len(kinds) - 1)
    told = dict.fromkeys(texts.told(mark.epoch, mark.code, mark.message) for mark in marks[:MOST_TOLD])
    more = [texts.and_more(len(marks) - MOST_TOLD)] if len(marks) > MOST_TOLD else []
    return PlotMark(number, words, "\n\n".join([*told, *more]), first.severity)


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
