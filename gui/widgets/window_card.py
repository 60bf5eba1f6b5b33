"""Which values of an image are shown: histogram, the usual windows, those of the file."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from counterpoise.gui.opened import Opened, Range
from counterpoise.gui.texts import viewer as texts
from counterpoise.gui.widgets.cards import Card
from counterpoise.gui.widgets.choices import Chips
from counterpoise.gui.widgets.histogram import Histogram
from counterpoise.gui.widgets.labels import button, label


class WindowCard(Card):
    """Shows a window and lets the user choose another."""

    window_chosen = Signal(float, float)
    """Lowest and highest value to be shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(texts.WINDOW, parent=parent)
        self.histogram = Histogram()
        self.histogram.window_changed.connect(self._dragged)
        self.words = label("", "small")
        self.log = button(texts.LOG, "chip")
        self.log.setCheckable(True)
        self.log.setToolTip(texts.LOG_HELP)
        self.log.toggled.connect(self.histogram.set_logarithmic)
        self.presets = Chips([])
        self._offered: dict[str, Range] = {}
        self._ct = False
        row = QHBoxLayout()
        row.addWidget(self.words, 1)
        row.addWidget(self.log)
        self.body.addWidget(self.histogram)
        self.body.addLayout(row)
        self._presets_at = self.body.count()
        self.body.addWidget(self.presets)

    def show_image(self, found: Opened, window: Range) -> None:
        """Show an image's values, and offer the windows that fit it."""
        self.histogram.show_counts(found.counts, *found.whole)
        self.log.setChecked(found.mostly_one_value)
        offered = _windows(found)
        if offered != self._offered:
            self._offer(offered, found.is_ct)
        self.show_window(*window)

    def show_window(self, low: float, high: float) -> None:
        """Show the window in force."""
        self.histogram.show_window(low, high)
        self.words.setText(texts.window(low, high))
        self.presets.set_chosen(
            next((name for name, window in self._offered.items() if window == (low, high)), "")
        )

    def _offer(self, offered: dict[str, Range], ct: bool) -> None:
        if list(offered) != list(self._offered) or ct != self._ct:
            helps = {texts.USUAL: texts.USUAL_HELP, texts.WHOLE: texts.WHOLE_HELP}
            made = Chips(
                [
                    (name, name, texts.with_key(helps.get(name) or texts.window(*window), number))
                    for number, (name, window) in enumerate(offered.items(), start=1)
                ]
            )
            made.chosen.connect(self._choose)
            self.body.replaceWidget(self.presets, made)
            self.presets.hide()
            self.presets.deleteLater()
            self.presets, self._ct = made, ct
        self._offered = offered

    def choose(self, number: int) -> None:
        """Take one of the windows offered, counted from 0; beyond the last nothing happens."""
        if number < len(self._offered):
            self._choose(list(self._offered)[number])

    def _choose(self, name: str) -> None:
        self._dragged(*self._offered[name])

    def _dragged(self, low: float, high: float) -> None:
        self.show_window(low, high)
        self.window_chosen.emit(low, high)


def _windows(found: Opened) -> dict[str, Range]:
    """Return the windows that make sense for an image, by name, the file's own first."""
    offered: dict[str, Range] = {}
    for number, (centre, width, name) in enumerate(found.frame.windows, start=1):
        words = texts.FROM_FILE if len(found.frame.windows) == 1 else texts.own_window(name, number)
        offered.setdefault(words, (centre - width / 2, centre + width / 2))
    if found.usual != found.whole:
        offered[texts.USUAL] = found.usual
    offered[texts.WHOLE] = found.whole
    if found.is_ct:
        for name, (centre, width) in texts.PRESETS_CT.items():
            offered[name] = (centre - width / 2, centre + width / 2)
    return offered
