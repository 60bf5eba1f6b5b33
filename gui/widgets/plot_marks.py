"""Upright marks on a plot: a few words each, the whole sentence under the pointer or by the arrow keys."""

from collections.abc import Sequence
from dataclasses import dataclass

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent
from PySide6.QtWidgets import QToolTip

from counterpoise.gui.theme import colours, font

NEAR = 8
"""Pixels from a mark within which the pointer means it."""
LEVELS = 4
"""Rows, from the top, in which words stand so that they don't cover each other."""
LOWEST = 0.25
"""Share of the plot's height below which no words stand."""


@dataclass(frozen=True)
class PlotMark:
    """One place on the axis; ``words`` stand beside it (empty for none), ``sentence`` is told when asked."""

    place: float
    words: str
    sentence: str
    severity: str = "warning"


class PlotMarks(QObject):
    """The marks of one plot; it listens to the plot's keys and pointer."""

    chosen = Signal(float)
    """The place of the mark that is looked at."""

    def __init__(self, plot: pg.PlotWidget) -> None:
        super().__init__(plot)
        self._plot = plot
        self.marks: tuple[PlotMark, ...] = ()
        self.lines: list[pg.InfiniteLine] = []
        self.current: int | None = None
        plot.getViewBox().sigResized.connect(self._spread)
        plot.getViewBox().sigXRangeChanged.connect(self._spread)
        plot.installEventFilter(self)

    def show(self, marks: Sequence[PlotMark]) -> None:
        """Draw ``marks``, given in the order of their places; the same ones again change nothing."""
        if tuple(marks) == self.marks:
            return
        self.marks, self.current = tuple(marks), None
        self.draw()

    def draw(self) -> None:
        """Draw all marks anew, in the theme's colours."""
        for line in self.lines:
            self._plot.removeItem(line)
        self.lines = [self._line(number, mark) for number, mark in enumerate(self.marks)]
        # One plot of several is enough to go to; it is the one whose marks have words.
        worded = any(mark.words for mark in self.marks)
        self._plot.setFocusPolicy(Qt.FocusPolicy.TabFocus if worded else Qt.FocusPolicy.NoFocus)
        self._plot.setAccessibleDescription("\n".join(mark.sentence for mark in self.marks))
        self._spread()

    def _line(self, number: int, mark: PlotMark) -> pg.InfiniteLine:
        colour, ground = colours().severity(mark.severity)[0], QColor(colours().surface)
        ground.setAlpha(160)  # curves stay visible behind the words
        looked_at = number == self.current
        style = Qt.PenStyle.SolidLine if looked_at else Qt.PenStyle.DashLine
        line = pg.InfiniteLine(
            mark.place,
            pen=pg.mkPen(colour, width=2.6 if looked_at else 1.2, style=style),
            label=mark.words or None,
            labelOpts={"color": colour, "fill": ground},
        )
        if mark.words:
            line.label.setFont(font(11))
        self._plot.addItem(line)
        return line

    def _spread(self, *_: object) -> None:
        """Give each mark's words the highest row where they cover no others; hide what finds no room."""
        view = self._plot.getViewBox().sceneBoundingRect()
        taken: list[list[tuple[float, float]]] = [[] for _ in range(LEVELS)]
        for line, mark in zip(self.lines, self.marks, strict=True):
            if not mark.words:
                continue
            box = line.label.mapRectToScene(line.label.boundingRect())
            place = self._x(mark.place)
            begin = place if place + box.width() <= view.right() else place - box.width()
            end = begin + box.width()
            free = (n for n, spans in enumerate(taken) if all(end <= a or b <= begin for a, b in spans))
            row = next(free, LEVELS)
            height = 1 - (row + 0.5) * box.height() / max(view.height(), 1.0)
            line.label.setVisible(row < LEVELS and height > LOWEST)
            if row < LEVELS:
                taken[row].append((begin, end))
                line.label.anchors = [(0 if begin == place else 1, 0.5)] * 2
                line.label.setPosition(height)

    def _x(self, place: float) -> float:
        """Return a place on the axis in pixels of the plot."""
        view = self._plot.getViewBox()
        return float(self._plot.mapFromScene(view.mapViewToScene(pg.Point(place, 0))).x())

    def at(self, x: float) -> int | None:
        """Return the number of the mark near a horizontal position in pixels."""
        distances = [(abs(self._x(mark.place) - x), number) for number, mark in enumerate(self.marks)]
        distance, number = min(distances, default=(NEAR + 1.0, -1))
        return number if distance <= NEAR else None

    def tell_at(self, event: QEvent) -> bool:
        """Show the sentence of the mark under the pointer; False where there is none."""
        if not isinstance(event, QHelpEvent) or (number := self.at(event.pos().x())) is None:
            return False
        QToolTip.showText(event.globalPos(), _wrapped(self.marks[number].sentence), self._plot)
        self.chosen.emit(self.marks[number].place)
        return True

    def look_at(self, number: int | None) -> None:
        """Bring out a mark and tell its sentence; None lets go."""
        self.current = number
        self.draw()
        if number is None:
            QToolTip.hideText()
            return
        mark = self.marks[number]
        self._plot.setAccessibleDescription(mark.sentence)
        where = QPoint(round(self._x(mark.place)) + NEAR, self._plot.height() // 2)
        QToolTip.showText(self._plot.mapToGlobal(where), _wrapped(mark.sentence), self._plot)
        self.chosen.emit(mark.place)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn and self.marks:
            self.look_at(len(self.marks) - 1)
        elif event.type() == QEvent.Type.FocusOut and self.current is not None:
            self.look_at(None)
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self.marks:
            return self._key(Qt.Key(event.key()))
        return False

    def _key(self, key: Qt.Key) -> bool:
        last = len(self.marks) - 1
        now = last if self.current is None else self.current
        goals = {
            Qt.Key.Key_Left: max(now - 1, 0),
            Qt.Key.Key_Right: min(now + 1, last),
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        if key in goals:
            self.look_at(goals[key])
        elif key == Qt.Key.Key_Escape and self.current is not None:
            self.look_at(None)
        else:
            return False
        return True


def _wrapped(sentence: str) -> str:
    """Return text as a tooltip that breaks its lines (Qt breaks those of rich text alone)."""
    escaped = sentence.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\n", "<br>")
    return f"<qt>{escaped}</qt>"
