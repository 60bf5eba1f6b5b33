"""A large area that takes folders and files, by dropping or by its buttons."""

from pathlib import Path

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from counterpoise.gui.icons import icon_pixmap
from counterpoise.gui.theme import colours, px
from counterpoise.gui.tokens import mixed
from counterpoise.gui.widgets.labels import label


class DropArea(QFrame):
    """Shows an icon, a headline and a hint; buttons are put into ``buttons``."""

    dropped = Signal(list)
    """Paths (``pathlib.Path``), files and folders alike."""

    def __init__(
        self, headline: str, over: str, hints: tuple[str, ...], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._headline_text, self._over_text = headline, over
        self._over = False
        self.setAcceptDrops(True)
        self.setAccessibleName(headline)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(px(230))
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(6)
        column.addStretch(3)
        self._icon = QLabel()
        column.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(8)
        self._headline = label(headline, "sentence")
        column.addWidget(self._headline, 0, Qt.AlignmentFlag.AlignHCenter)
        for i, hint in enumerate(hints):
            words = label(hint, "small" if i else "muted", wrap=True)
            words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(words)
        column.addSpacing(12)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(12)
        column.addLayout(self.buttons)
        self.buttons.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(4)
        self._draw()

    def _draw(self) -> None:
        self._icon.setPixmap(icon_pixmap("folder", colours().accent, px(56)))
        self._headline.setText(self._over_text if self._over else self._headline_text)
        self.update()

    def changeEvent(self, event) -> None:  # type: ignore[no-untyped-def]  # Qt's own signature
        super().changeEvent(event)
        if event.type() == event.Type.PaletteChange:
            self._draw()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()
            self._set_over(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        super().dragLeaveEvent(event)
        self._set_over(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._set_over(False)
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.dropped.emit(paths)

    def _set_over(self, over: bool) -> None:
        self._over = over
        self._draw()

    def paintEvent(self, _event: QPaintEvent) -> None:
        palette = colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = palette.accent if self._over else mixed(palette.muted, palette.surface, 0.35)
        pen = QPen(QColor(edge), 1.6, Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([5, 4])
        painter.setPen(pen)
        painter.setBrush(QColor(palette.accent_weak if self._over else palette.surface))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 12, 12)
        painter.end()
