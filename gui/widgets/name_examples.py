"""Real names with the patient that a pattern finds in each; the patient's part stands out."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from counterpoise.core.catalog.name_preview import Preview
from counterpoise.gui.texts import patients as texts
from counterpoise.gui.theme import colours, font, px
from counterpoise.gui.widgets.painting import BOLD

ROW, GAP, ARROW = 22, 12, "→"


class NameExamples(QWidget):
    """One row per example: name, arrow, patient."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: Sequence[tuple[str, str]] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_preview(self, preview: Preview) -> None:
        self._rows = tuple((texts.example(path, preview.by_folder), who) for path, who in preview.examples)
        self.setAccessibleName("; ".join(f"{name}: {texts.whose(who)}" for name, who in self._rows))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(300), px(ROW) * len(self._rows))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(160), px(ROW) * len(self._rows))

    def paintEvent(self, _event: QPaintEvent) -> None:
        palette = colours()
        painter = QPainter(self)
        plain, bold = QFontMetrics(font(13)), QFontMetrics(font(13, BOLD))
        right = max((bold.horizontalAdvance(texts.whose(who)) for _, who in self._rows), default=0) + px(4)
        arrow = plain.horizontalAdvance(ARROW)
        most = max(self.width() - min(right, self.width() // 2) - arrow - 2 * px(GAP), px(60))
        left = min(most, max((plain.horizontalAdvance(name) for name, _ in self._rows), default=0) + px(8))
        for place, (name, who) in enumerate(self._rows):
            top = place * px(ROW)
            x = 0.0
            for words, marked in _pieces(name, who, plain, left - px(6)):
                painter.setFont(font(13, BOLD if marked else 400))
                painter.setPen(QColor(palette.accent if marked else palette.muted))
                wide = (bold if marked else plain).horizontalAdvance(words)
                painter.drawText(QRectF(x, top, wide + 2, px(ROW)), Qt.AlignmentFlag.AlignVCenter, words)
                x += wide
            painter.setFont(font(13))
            painter.setPen(QColor(palette.muted))
            painter.drawText(
                QRectF(left + px(GAP), top, arrow + 2, px(ROW)), Qt.AlignmentFlag.AlignVCenter, ARROW
            )
            painter.setFont(font(13, BOLD))
            painter.setPen(QColor(palette.ink))
            start = left + arrow + 2 * px(GAP)
            words = bold.elidedText(texts.whose(who), Qt.TextElideMode.ElideMiddle, int(self.width() - start))
            painter.drawText(
                QRectF(start, top, self.width() - start, px(ROW)), Qt.AlignmentFlag.AlignVCenter, words
            )
        painter.end()


def _pieces(name: str, who: str, metrics: QFontMetrics, room: float) -> list[tuple[str, bool]]:
    """Return the name in pieces, and which of them is the patient; shortened where it doesn't fit."""
    before, found, after = name.partition(who)
    if metrics.horizontalAdvance(name) > room:
        spare = max(room - metrics.horizontalAdvance(found) * 1.1, 0)
        share = spare / 2 if before else 0
        before = metrics.elidedText(before, Qt.TextElideMode.ElideLeft, int(share)) if before else ""
        rest = spare - metrics.horizontalAdvance(before)
        after = metrics.elidedText(after, Qt.TextElideMode.ElideMiddle, int(max(rest, 0)))
    return [(before, False), (found, True), (after, False)]
