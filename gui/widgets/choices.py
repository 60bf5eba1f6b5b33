"""One of several: as cards with a sentence each, or as chips."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFocusEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QTextOption,
)
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QLayout, QSizePolicy, QWidget

from counterpoise.gui.theme import colours, font, px
from counterpoise.gui.widgets.flow_layout import FlowLayout
from counterpoise.gui.widgets.labels import button

PREVIOUS = (Qt.Key.Key_Left, Qt.Key.Key_Up)
ELIDE = Qt.TextElideMode.ElideRight
NEXT = (Qt.Key.Key_Right, Qt.Key.Key_Down)


class ChoiceCard(QAbstractButton):
    """A large button with a heading and a sentence; checked it carries the accent."""

    def __init__(self, title: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._text, self._mark = title, text, ""
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._name()

    def set_words(self, title: str, text: str) -> None:
        self._title, self._text = title, text
        self._name()

    def set_mark(self, mark: str) -> None:
        """Put a word behind the heading, such as ``suggested``."""
        self._mark = mark
        self._name()

    def _name(self) -> None:
        self.setAccessibleName(self.heading)
        self.setAccessibleDescription(self._text)
        self.updateGeometry()
        self.update()

    @property
    def heading(self) -> str:
        return f"{self._title} · {self._mark}" if self._mark else self._title

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        flags = int(Qt.TextFlag.TextWordWrap)
        self.ensurePolished()
        height = (
            self.fontMetrics().boundingRect(0, 0, max(width - 26, 40), 10_000, flags, self._text).height()
        )
        return max(px(78), height + px(46))

    def sizeHint(self) -> QSize:
        return QSize(px(200), self.heightForWidth(px(200)))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(120), px(78))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        palette = colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        strong = self.isChecked() or self.underMouse() or self.hasFocus()
        width = 2.0 if self.hasFocus() else 1.0
        painter.setPen(QPen(QColor(palette.accent if strong else palette.line), width))
        painter.setBrush(QColor(palette.accent_weak if self.isChecked() else palette.surface))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 10, 10)
        if not self.isEnabled():
            painter.setOpacity(0.5)
        painter.setPen(QColor(palette.ink))
        painter.setFont(font(14, 600))
        room = QRectF(13, px(12), self.width() - 26, px(20))
        painter.drawText(room, painter.fontMetrics().elidedText(self.heading, ELIDE, int(room.width())))
        painter.setPen(QColor(palette.muted))
        painter.setFont(font(14))
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WordWrap)
        painter.drawText(QRectF(13, px(33), self.width() - 26, self.height() - px(36)), self._text, option)
        painter.end()


class _Choices(QWidget):
    """What cards and chips share: one is chosen, arrows move."""

    chosen = Signal(str)
    """The user chose another one."""

    def __init__(self, row: QLayout, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons: dict[str, QAbstractButton] = {}
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._row = row
        self._row.setContentsMargins(0, 0, 0, 0)
        self.setLayout(row)

    def _add(self, key: str, made: QAbstractButton) -> None:
        self.buttons[key] = made
        self._group.addButton(made)
        self._row.addWidget(made)
        made.clicked.connect(lambda: self.chosen.emit(key))
        made.installEventFilter(self)

    @property
    def current(self) -> str:
        """The key of the chosen one; empty where none is."""
        return next((key for key, made in self.buttons.items() if made.isChecked()), "")

    def set_chosen(self, key: str) -> None:
        """Show ``key`` as chosen, without a signal; an unknown one shows none."""
        self._group.setExclusive(False)
        for name, made in self.buttons.items():
            made.setChecked(name == key)
        self._group.setExclusive(True)

    def eventFilter(self, watched, event) -> bool:  # type: ignore[no-untyped-def]  # Qt's own signature
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = (event.key() in NEXT) - (event.key() in PREVIOUS)
            keys = list(self.buttons)
            if step:
                at = [self.buttons[key] for key in keys].index(watched)
                key = keys[(at + step) % len(keys)]
                self.buttons[key].setFocus(Qt.FocusReason.TabFocusReason)
                self.buttons[key].click()
                return True
        return False


class ChoiceCards(_Choices):
    """Cards in one row, from ``(key, title, text)``."""

    def __init__(self, options: Sequence[tuple[str, str, str]], parent: QWidget | None = None) -> None:
        super().__init__(QHBoxLayout(), parent)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._row.setSpacing(12)
        for key, title, text in options:
            self._add(key, ChoiceCard(title, text))

    def card(self, key: str) -> ChoiceCard:
        found = self.buttons[key]
        assert isinstance(found, ChoiceCard)
        return found

    def set_suggested(self, key: str, mark: str = "suggested") -> None:
        """Mark one as suggested."""
        for name in self.buttons:
            self.card(name).set_mark(mark if name == key else "")


class Chips(_Choices):
    """Small round buttons, from ``(key, title)`` or ``(key, title, help)``; what doesn't fit wraps."""

    def __init__(self, options: Sequence[tuple[str, ...]], parent: QWidget | None = None) -> None:
        super().__init__(FlowLayout(), parent)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        for key, title, *help_text in options:
            chip = button(title, "chip")
            chip.setCheckable(True)
            chip.setToolTip("".join(help_text))
            self._add(key, chip)

    def keep_in_one_row(self) -> None:
        """Take the width that all need beside each other, where there is so much."""
        policy = QSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_suggested(self, key: str, mark: str = "suggested") -> None:
        """Mark one as suggested."""
        for name, chip in self.buttons.items():
            plain = chip.text().removesuffix(f" · {mark}")
            chip.setText(f"{plain} · {mark}" if name == key else plain)
