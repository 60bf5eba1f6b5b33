"""One image before and after scaling, each with the histogram of its values."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from counterpoise.gui.texts import balance as texts
from counterpoise.gui.theme import colours, font, px

BINS = 30
HEIGHT, LARGEST, ARROW, GAP = 120, 420, 36, 16


@dataclass(frozen=True)
class Side:
    """One half of the picture: values [h, w] or [h, w, 3], shown between ``low`` and ``high``."""

    values: npt.NDArray[np.float32]
    low: float
    high: float

    def grey(self) -> npt.NDArray[np.uint8]:
        """Return the picture as 8 bits, what lies outside the range cut to its ends."""
        width = (self.high - self.low) or 1.0
        scaled = np.nan_to_num((self.values - self.low) / width)
        return np.ascontiguousarray(np.clip(scaled * 255, 0, 255).astype(np.uint8))

    def histogram(self) -> npt.NDArray[np.float64]:
        """Return the share of values in each of BINS bins over the range, the fullest bin being 1."""
        finite = self.values[np.isfinite(self.values)]
        numbers, _ = np.histogram(
            finite, BINS, (self.low, self.high if self.high > self.low else self.low + 1)
        )
        return numbers / max(int(numbers.max()), 1)


class HistogramPair(QWidget):
    """Paints both sides; without an image it says why."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sides: tuple[Side, Side] | None = None
        self._words = texts.NO_PICTURE
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMaximumHeight(px(LARGEST))
        self.setAccessibleName(f"{texts.AS_STORED}, {texts.AS_SEEN}")

    @property
    def sides(self) -> tuple[Side, Side] | None:
        return self._sides

    def set_sides(self, before: Side, after: Side) -> None:
        self._sides = (before, after)
        self.setAccessibleDescription(
            " ".join(
                f"{words}: {low} to {high}."
                for words, (low, high) in zip(
                    (texts.BEFORE_NAME, texts.AFTER_NAME),
                    (texts.scaled_range(s.low, s.high) for s in self._sides),
                    strict=True,
                )
            )
        )
        self.update()

    def set_message(self, words: str) -> None:
        """Show a sentence instead of the picture."""
        self._sides, self._words = None, words
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(720, px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(480, px(HEIGHT))

    def paintEvent(self, _event: QPaintEvent) -> None:
        palette = colours()
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.setFont(font(12))
        if self._sides is None:
            painter.setPen(QColor(palette.muted))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect(), int(flags), self._words)
            return
        half, height = (self.width() - ARROW) / 2, self.height()
        before, after = self._sides
        self._paint_side(painter, QRectF(0, 0, half, height), before, texts.AS_STORED, palette.muted)
        painter.setPen(QColor(palette.muted))
        painter.setFont(font(22))
        painter.drawText(QRectF(half, 0, ARROW, height - px(26)), Qt.AlignmentFlag.AlignCenter, "→")
        right = QRectF(half + ARROW, 0, half, height)
        self._paint_side(painter, right, after, texts.AS_SEEN, palette.plots[0])

    def _paint_side(self, painter: QPainter, room: QRectF, side: Side, words: str, colour: str) -> None:
        palette = colours()
        height, picture = self.height(), self.height() - px(26)
        place = QRectF(room.left(), 0, picture, picture)
        clip = QPainterPath()
        clip.addRoundedRect(place, 6, 6)
        painter.save()
        painter.setClipPath(clip)
        painter.drawImage(place, image_of(side.grey()))
        painter.restore()
        painter.setFont(font(12))
        painter.setPen(QColor(palette.muted))
        below = Qt.AlignmentFlag.AlignBottom
        painter.drawText(QRectF(room.left(), 0, room.width(), height), below, words)
        caption = QFontMetrics(font(12)).horizontalAdvance(words)
        left = room.left() + max(picture + 20, caption) + GAP
        width = max(room.right() - left - 12, 40.0)
        shares = side.histogram()
        step = width / BINS
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour))
        for index, share in enumerate(shares):
            tall = max(share * (picture - 12), 1.5 if share else 0.0)
            painter.drawRect(QRectF(left + index * step, picture - tall, step - 1, tall))
        painter.setPen(QColor(palette.muted))
        low, high = texts.scaled_range(side.low, side.high)
        ends = QRectF(left, 0, width, height)
        painter.drawText(ends, below | Qt.AlignmentFlag.AlignLeft, low)
        painter.drawText(ends, below | Qt.AlignmentFlag.AlignRight, high)


def image_of(grey: npt.NDArray[np.uint8]) -> QImage:
    """Return a QImage of its own memory from [h, w], [h, w, 1] or [h, w, 3] bytes."""
    if grey.ndim == 3 and grey.shape[2] == 1:
        grey = grey[:, :, 0]
    grey = np.ascontiguousarray(grey)
    kind = QImage.Format.Format_RGB888 if grey.ndim == 3 else QImage.Format.Format_Grayscale8
    height, width = grey.shape[:2]
    return QImage(grey.tobytes(), width, height, width * (3 if grey.ndim == 3 else 1), kind).copy()
