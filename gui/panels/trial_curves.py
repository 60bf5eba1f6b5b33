"""What the trial steps showed: the error step by step, and the error over the learning rate."""

from typing import Any

from PySide6.QtWidgets import QWidget

from counterpoise.gui.panels.rate_range import RateRangePanel
from counterpoise.gui.session import Session
from counterpoise.gui.texts import check as texts
from counterpoise.gui.widgets.cards import Card
from counterpoise.gui.widgets.labels import label
from counterpoise.gui.widgets.line_plot import LinePlot, Series

ERROR = Series("error", "plot1")
LEAST_STEPS = 10
"""The axis of a young trial already reaches so far."""


class TrialCurves(Card):
    """Hidden until the first step; drawn live."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(texts.TRIAL_TITLE, parent=parent)
        self._points: list[tuple[float, float]] = []
        self.body.addWidget(label(texts.LOSS_NOTE, "small", wrap=True))
        self.loss = LinePlot((ERROR,), texts.LOSS_PLOT, self)
        self.loss.setFixedHeight(110)
        self.body.addWidget(self.loss)
        self.rates = RateRangePanel(session)
        self.body.addWidget(self.rates)
        self.hide()

    def begin(self) -> None:
        """A dry run starts: take away what another one showed."""
        self._points = []
        self.rates.show_waiting()
        self.hide()

    def add_step(self, step: dict[str, Any]) -> None:
        """Draw one more trial step."""
        self._points.append((len(self._points) + 1, float(step["loss"])))
        self._draw()

    def show_outcome(self, tried: Any) -> None:
        """Show all of a dry run; None hides it."""
        if tried is None or not tried.losses:
            self.setVisible(False)
            return
        self._points = [(float(n), loss) for n, loss in enumerate(tried.losses, 1) if loss is not None]
        self._draw()
        self.rates.show_range(tried)

    def _draw(self) -> None:
        self.loss.set_points(ERROR.name, self._points)
        self.loss.setXRange(1, max(len(self._points), LEAST_STEPS))
        self.loss.setYRange(0, 1.05 * max((loss for _, loss in self._points), default=1.0) or 1.0, padding=0)
        self.show()
