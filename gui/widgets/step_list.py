"""The steps down the left side, each with its state."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from counterpoise.gui.icons import icon_pixmap
from counterpoise.gui.steps import STEPS
from counterpoise.gui.texts import window as texts
from counterpoise.gui.theme import colours, font, px


class StepButton(QAbstractButton):
    """One step: a circle with its number, a tick or an exclamation mark, and its name."""

    def __init__(self, number: int, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.number, self.step_state = number, "todo"
        self.setText(text)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip(f"Alt+{number}")
        self.set_state("todo")

    def set_state(self, state: str) -> None:
        self.step_state = state
        self.setAccessibleName(texts.step_name(self.number, self.text(), state))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(183), px(40))

    def paintEvent(self, _event: QPaintEvent) -> None:
        palette = colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if self.isChecked() or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(palette.accent_weak if self.isChecked() else palette.background))
            painter.drawRoundedRect(ground, 8, 8)
        if self.hasFocus():
            painter.setPen(QPen(QColor(palette.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(ground, 8, 8)
        self._mark(painter, QRectF(12, self.height() / 2 - px(20) / 2, px(20), px(20)))
        chosen = self.isChecked()
        painter.setPen(QColor(palette.accent if chosen else palette.muted))
        painter.setFont(font(14, 600 if chosen else 400))
        left = 12 + px(20) + 10
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRectF(left, 0, self.width() - left - 6, self.height()), middle, self.text())
        painter.end()

    def _mark(self, painter: QPainter, circle: QRectF) -> None:
        palette = colours()
        if self.step_state == "done" and not self.isChecked():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(palette.good))
            painter.drawEllipse(circle)
            size = round(circle.width() * 0.7)
            inset = (circle.width() - size) / 2
            painter.drawPixmap(
                QPointF(circle.left() + inset, circle.top() + inset),
                icon_pixmap("tick", palette.surface, size),
            )
            return
        attention = self.step_state == "attention"
        colour = palette.warning if attention else palette.accent if self.isChecked() else palette.muted
        painter.setPen(QPen(QColor(colour), 1.5))
        painter.setBrush(QColor(palette.warning_ground) if attention else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(circle.adjusted(1, 1, -1, -1))
        painter.setFont(font(11, 700 if attention else 500))
        painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, "!" if attention else str(self.number))


class StepList(QWidget):
    """All steps; arrows move between them."""

    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sidebar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(texts.STEPS)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 16, 12, 16)
        column.setSpacing(4)
        self.buttons: dict[str, StepButton] = {}
        for number, step in enumerate(STEPS, start=1):
            made = StepButton(number, step.label)
            made.clicked.connect(lambda _=False, name=step.name: self.asked.emit(name))
            self.buttons[step.name] = made
            column.addWidget(made)
        column.addStretch(1)

    def show_current(self, name: str) -> None:
        self.buttons[name].setChecked(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = (event.key() == Qt.Key.Key_Down) - (event.key() == Qt.Key.Key_Up)
        made = list(self.buttons.values())
        focused = [i for i, entry in enumerate(made) if entry.hasFocus()]
        if step and focused:
            made[(focused[0] + step) % len(made)].setFocus(Qt.FocusReason.TabFocusReason)
        else:
            super().keyPressEvent(event)
