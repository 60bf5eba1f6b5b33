"""A probability per class, as bars with their figures; the one decided for stands out."""

from collections.abc import Mapping

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from counterpoise.gui.theme import colours, font, px
from counterpoise.gui.widgets.painting import BOLD

ROW, BAR = 24, 8
MOST = 6


class ShareBars(QWidget):
    """Paints the largest few shares."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shares: list[tuple[str, float]] = []
        self._chosen = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_shares(self, shares: Mapping[str, float], chosen: str) -> None:
        """Show shares (0 to 1) by name; ``chosen`` is the decision."""
        ranked = sorted(shares.items(), key=lambda pair: (pair[0] != chosen, -pair[1]))
        self._shares, self._chosen = ranked[:MOST], chosen
        self.setAccessibleDescription("; ".join(f"{n}: {100 * p:.0f} %" for n, p in self._shares))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, px(ROW) * len(self._shares))

    def minimumSizeHint(self) -> QSize:
        return QSize(140, px(ROW) * len(self._shares))

    def paintEvent(self, _event: QPaintEvent) -> None:
        palette = colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index, (name, share) in enumerate(self._shares):
            own = name == self._chosen
            painter.setFont(font(12, BOLD if own else 400))
            metrics, row = QFontMetrics(painter.font()), px(ROW)
            top, figure = index * row, f"{100 * share:.0f} %"
            painter.setPen(QColor(palette.ink if own else palette.muted))
            words = QRectF(0, top, self.width(), row - BAR)
            room = self.width() - metrics.horizontalAdvance(figure) - 8
            elided = metrics.elidedText(name, Qt.TextElideMode.ElideRight, room)
            painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, elided)
            painter.drawText(words, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, figure)
            painter.setPen(Qt.PenStyle.NoPen)
            bar = QRectF(0, top + row - BAR + 1, self.width(), BAR - 4)
            painter.setBrush(QColor(palette.track))
            painter.drawRoundedRect(bar, 2, 2)
            bar.setWidth(max(bar.width() * min(max(share, 0.0), 1.0), 2))
            painter.setBrush(QColor(palette.plot1 if own else palette.muted))
            painter.drawRoundedRect(bar, 2, 2)
        painter.end()
