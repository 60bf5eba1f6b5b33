"""The ROC curve with a point that can be dragged, and a slider that does the same for the keyboard."""

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtWidgets import QSlider, QVBoxLayout, QWidget

from counterpoise.gui.roc import RocCurve
from counterpoise.gui.texts import results as texts
from counterpoise.gui.theme import colours
from counterpoise.gui.widgets.line_plot import LinePlot, Series
from counterpoise.gui.widgets.painting import THEME_EVENTS

CURVE, CHANCE = Series("roc", "plot1"), Series("chance", "line", dashed=True)


class RocPlot(QWidget):
    """Shows a curve; the chosen point snaps to it."""

    moved = Signal(int)
    """Index of the point of the curve that was chosen by hand."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plot = LinePlot((CHANCE, CURVE), texts.ROC_NAME, self)
        self.plot.setXRange(0, 1, padding=0.04)
        self.plot.setYRange(-0.02, 1.09, padding=0)  # room for the point at the top
        for side in ("bottom", "left"):
            self.plot.getAxis(side).setTicks([[(0, "0"), (0.5, ".5"), (1, "1")]])
        self.plot.set_points("chance", [(0, 0), (1, 1)])
        self.plot.setMinimumHeight(120)
        self._curve: RocCurve | None = None
        self._index = 0
        self._target = pg.TargetItem((0, 0), size=15, symbol="o", movable=True)
        self._target.sigPositionChanged.connect(self._dragged)
        self.plot.addItem(self._target)
        self._colour()
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setAccessibleName(texts.SLIDER_NAME)
        self.slider.valueChanged.connect(self._slid)
        self.slider.setMinimumHeight(22)  # else its handle is cut off
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.plot, 1)
        layout.addWidget(self.slider)

    @property
    def index(self) -> int:
        return self._index

    def set_curve(self, curve: RocCurve | None, index: int = 0) -> None:
        """Draw ``curve`` with its point ``index`` chosen; None empties the plot."""
        self._curve = curve
        self.slider.setEnabled(curve is not None)
        self._target.setVisible(curve is not None)
        points = (
            []
            if curve is None
            else list(zip(curve.false_alarms.tolist(), curve.sensitivity.tolist(), strict=True))
        )
        self.plot.set_points("roc", points)
        self.slider.blockSignals(True)
        self.slider.setRange(0, max(len(points) - 1, 0))
        self.slider.blockSignals(False)
        self.set_index(index)

    def set_index(self, index: int) -> None:
        """Choose a point of the curve without telling anyone."""
        if self._curve is None:
            return
        self._index = min(max(index, 0), len(self._curve.thresholds) - 1)
        self._target.blockSignals(True)
        self._target.setPos(self._curve.false_alarms[self._index], self._curve.sensitivity[self._index])
        self._target.blockSignals(False)
        self.slider.blockSignals(True)
        self.slider.setValue(self._index)
        self.slider.blockSignals(False)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in THEME_EVENTS and hasattr(self, "_target"):
            self._colour()

    def _colour(self) -> None:
        palette = colours()
        self._target.setPen(pg.mkPen(palette.plot2, width=3))
        self._target.setBrush(pg.mkBrush(palette.surface))
        self._target.setHoverBrush(pg.mkBrush(palette.accent_weak))

    def _dragged(self) -> None:
        if self._curve is not None:
            place: QPointF = self._target.pos()
            self._choose(self._curve.nearest(place.x(), place.y()))

    def _slid(self, index: int) -> None:
        self._choose(index)

    def _choose(self, index: int) -> None:
        before = self._index
        self.set_index(index)
        if self._index != before:
            self.moved.emit(self._index)
