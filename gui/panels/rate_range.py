"""The error over the learning rate, the safe range marked, the planned rate drawn, a better one to take."""

import math
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from counterpoise.gui.session import Session
from counterpoise.gui.texts import check as texts
from counterpoise.gui.theme import colours
from counterpoise.gui.widgets.labels import button, label
from counterpoise.gui.widgets.line_plot import LinePlot, Series
from counterpoise.gui.widgets.painting import THEME_EVENTS
from counterpoise.gui.widgets.plot_marks import PlotMark

ERROR = Series("error", "plot1")
TALLEST = 1.6
"""Times the first error that the axis reaches: what explodes leaves it."""
NEAR = 1.1
"""A suggestion closer to the planned rate than that is none."""


class RateRangePanel(QWidget):
    """Drawn over the logarithm of the rate."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.suggested: float | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(label(texts.RANGE_TITLE, "heading"))
        self.words = label("", "small", wrap=True)
        layout.addWidget(self.words)
        self.plot = LinePlot((ERROR,), texts.RANGE_PLOT, self)
        self.plot.setFixedHeight(160)
        self.plot.getAxis("bottom").setLogMode(True)
        self.band = pg.LinearRegionItem(movable=False)
        self.band.setZValue(-10)
        self.plot.addItem(self.band)
        layout.addWidget(self.plot)
        row = QHBoxLayout()
        self.take = button("", "", self._take)
        row.addWidget(self.take)
        row.addStretch(1)
        layout.addLayout(row)
        self._paint()
        self.show_waiting()

    def show_waiting(self) -> None:
        """Nothing is known yet."""
        self.words.setText(texts.RANGE_WAITING)
        self.plot.hide()
        self.take.hide()

    def show_range(self, tried: Any) -> None:
        """Draw the range test of a dry run, or say why there is none."""
        found = tried.rate_range
        self.plot.setVisible(found is not None)
        self.take.hide()
        if found is None:
            self.words.setText(tried.why_no_range or "")
            return
        plan = self._session.plan
        planned = float(plan.settings.training.learning_rate) if plan is not None else None
        curve = [
            (math.log10(rate), loss)
            for rate, loss in zip(found.rates, found.losses, strict=True)
            if loss is not None
        ]
        self.plot.set_points(ERROR.name, curve)
        ceiling = TALLEST * curve[0][1] if curve else 1.0
        self.plot.setYRange(0, ceiling, padding=0)
        low = found.safe_low if found.safe_low is not None else found.rates[0]
        self.band.setRegion((math.log10(low), math.log10(found.safe_high)))
        ends = [math.log10(found.rates[0]), math.log10(found.rates[-1])]
        if planned is not None:
            ends.append(math.log10(planned))
            self.plot.set_marks(
                [
                    PlotMark(
                        math.log10(planned), texts.planned(planned), texts.range_words(found, planned), "info"
                    )
                ]
            )
        self.plot.setXRange(min(ends), max(ends))
        self.words.setText(texts.range_words(found, planned))
        self.suggested = found.suggested
        ratio = found.suggested / planned if planned else math.inf
        if not 1 / NEAR < ratio < NEAR:
            self.take.setText(texts.take_rate(found.suggested))
            self.take.show()

    def _take(self) -> None:
        if self.suggested is not None and (
            refused := self._session.change({"training.learning_rate": self.suggested})
        ):
            self._session.problem.emit(refused)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in THEME_EVENTS and hasattr(self, "band"):
            self._paint()

    def _paint(self) -> None:
        palette = colours()
        self.band.setBrush(pg.mkBrush(palette.good_ground))
        for line in self.band.lines:
            line.setPen(pg.mkPen(palette.good, width=1))
