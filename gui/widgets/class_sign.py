"""The sign of a class, painted: its colour and its shape."""

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from counterpoise.core.catalog.distributions.signs import sign
from counterpoise.gui.texts import distributions as texts
from counterpoise.gui.theme import colours, px
from counterpoise.gui.widgets.flow_layout import FlowLayout
from counterpoise.gui.widgets.labels import button
from counterpoise.gui.widgets.painting import THEME_EVENTS


def colour_of(number: int) -> QColor:
    """Return the colour of a class."""
    return QColor(colours().plots[sign(number)[0]])


def draw_sign(painter: QPainter, number: int, centre: QPointF, radius: float, *, faint: bool = False) -> None:
    """Paint the sign of a class; ``faint`` ones are outlines in grey."""
    shape = QPolygonF([centre + QPointF(x, y) * radius for x, y in sign(number)[1]])
    palette = colours()
    if faint:
        painter.setPen(QPen(QColor(palette.line), 1.2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
    else:
        painter.setPen(QPen(QColor(palette.surface), 0.8))
        painter.setBrush(colour_of(number))
    painter.drawPolygon(shape)


def sign_icon(number: int, side: int) -> QIcon:
    """Return the sign of a class as an icon."""
    picture = QPixmap(2 * side, 2 * side)  # two for one on screens that have them
    picture.setDevicePixelRatio(2)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw_sign(painter, number, QPointF(side / 2, side / 2), side * 0.42)
    painter.end()
    return QIcon(picture)


class SignLegend(QWidget):
    """Sign and name of each class as buttons: one brings out its class, the same again all."""

    chosen = Signal(int)
    """Number of the class that is brought out; -1 for none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._flow = FlowLayout(self, 6)
        self.buttons: list[QPushButton] = []
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_classes(self, labels: tuple[str, ...]) -> None:
        """Name these classes; the same ones again change nothing."""
        if [made.accessibleName() for made in self.buttons] == list(labels):
            return
        for old in self.buttons:
            self._flow.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.buttons = [self._button(number, label) for number, label in enumerate(labels)]
        self._draw()

    def _button(self, number: int, label: str) -> QPushButton:
        made = button(label.replace("&", "&&"), "chip", lambda: self._choose(number), name=label)
        made.setCheckable(True)
        made.setToolTip(texts.ONLY_HELP)
        self._flow.addWidget(made)
        return made

    def _choose(self, number: int) -> None:
        for other, made in enumerate(self.buttons):
            made.setChecked(made.isChecked() and other == number)
        self.chosen.emit(number if self.buttons[number].isChecked() else -1)

    def _draw(self) -> None:
        for number, made in enumerate(self.buttons):
            made.setIcon(sign_icon(number, px(12)))
            made.setIconSize(QSize(px(12), px(12)))

    def changeEvent(self, event) -> None:  # type: ignore[no-untyped-def]  # Qt's own signature
        super().changeEvent(event)
        if event.type() in THEME_EVENTS and hasattr(self, "buttons"):
            self._draw()
