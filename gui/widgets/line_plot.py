"""A calm plot: lines and marks in the theme's colours, faint level lines, no gestures to get lost in."""

from collections.abc import Sequence
from dataclasses import dataclass

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QWidget

from counterpoise.gui.theme import colours, font
from counterpoise.gui.widgets.painting import THEME_EVENTS, tone
from counterpoise.gui.widgets.plot_marks import PlotMark, PlotMarks

MOST_IN_ONE = 150
"""Points of a line that is painted in one stroke."""


@dataclass(frozen=True)
class Series:
    """One line: its colour by the palette's name, and the sign drawn at each point."""

    name: str
    tone: str
    dashed: bool = False


class LinePlot(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph ships no types
    """Lines by name; each keeps its points as they were given."""

    def __init__(self, series: Sequence[Series], name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, enableMenu=False)  # the menu takes 10 ms to build, and nobody sees it
        self._series = tuple(series)
        self.setAccessibleName(name)
        self.setFrameShape(self.Shape.NoFrame)
        self.setMouseEnabled(x=False, y=False)
        self.hideButtons()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.getViewBox().setDefaultPadding(0.02)
        self._lines = {s.name: self.plot([], [], antialias=True) for s in self._series}
        self.marks = PlotMarks(self)
        self.refresh_theme()

    def set_points(self, name: str, points: Sequence[tuple[float, float]]) -> None:
        """Draw ``points`` as the line ``name``; a single point is drawn as a dot."""
        x, y = [p[0] for p in points], [p[1] for p in points]
        # A jagged line of 500 points takes 60 ms to paint as one path, 20 in pieces; few look better whole.
        pieces = len(points) > MOST_IN_ONE and self._lines[name].opts["pen"].style() == Qt.PenStyle.SolidLine
        self._lines[name].curve.setSegmentedLineMode("on" if pieces else "off")
        self._lines[name].setData(x, y)
        self._lines[name].setSymbol("o" if len(points) == 1 else None)

    def points(self, name: str) -> list[tuple[float, float]]:
        """Return what is drawn as the line ``name``."""
        x, y = self._lines[name].getData()
        return [] if x is None else list(zip(x.tolist(), y.tolist(), strict=True))

    def set_marks(self, marks: Sequence[PlotMark]) -> None:
        """Draw an upright dashed line at each place; unchanged marks are left alone."""
        self.marks.show(marks)

    def sizeHint(self) -> QSize:
        return QSize(240, 130)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and hasattr(self, "marks") and self.marks.tell_at(event):
            return True
        return bool(super().viewportEvent(event))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in THEME_EVENTS and hasattr(self, "marks"):
            self.refresh_theme()

    def refresh_theme(self) -> None:
        """Take the theme's colours anew."""
        palette = colours()
        self.setBackground(palette.surface)
        for side in ("bottom", "left"):
            axis = self.getAxis(side)
            axis.setPen(pg.mkPen(palette.line if side == "bottom" else palette.surface))
            axis.setTextPen(palette.muted)
            axis.setTickPen(pg.mkPen(palette.line))
            axis.setStyle(tickLength=0, tickFont=font(11), tickTextOffset=6, maxTickLevel=0)
        self.showGrid(y=True, alpha=0.9)
        for series in self._series:
            style = Qt.PenStyle.DashLine if series.dashed else Qt.PenStyle.SolidLine
            colour = tone(series.tone)
            line = self._lines[series.name]
            pen = pg.mkPen(colour, width=2.2, style=style)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)  # segments meet without gaps
            line.setPen(pen)
            line.setSymbolBrush(colour)
            line.setSymbolPen(None)
        self.marks.draw()
