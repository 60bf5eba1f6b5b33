"""The large view of one image with its histogram, its window and what is known of it."""

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from counterpoise.core.catalog.types import ImageRecord, Sources
from counterpoise.gui.decoding import read_frame
from counterpoise.gui.jobs import in_background
from counterpoise.gui.texts import common, inspect
from counterpoise.gui.texts import viewer as texts
from counterpoise.gui.widgets.cards import Card
from counterpoise.gui.widgets.choices import Chips
from counterpoise.gui.widgets.histogram import Histogram
from counterpoise.gui.widgets.image_view import ImageView
from counterpoise.gui.widgets.labels import button, label

if TYPE_CHECKING:
    from counterpoise.core.catalog.readers import Frame

AIR = -500
"""Hounsfield units: values below mean that the image holds air, as CT does."""


class Viewer(QWidget):
    """Arrows go on, Escape goes back; X and R do what they do in the gallery."""

    closed = Signal()
    moved = Signal(int)
    """By how many images to go on."""
    leave_out_asked = Signal()
    relabel_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.image: ImageRecord | None = None
        self._full = (0.0, 255.0)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        self.view = ImageView()
        row.addWidget(self.view, 1)
        side = QWidget()
        side.setFixedWidth(300)
        self._side = QVBoxLayout(side)
        self._side.setContentsMargins(0, 0, 0, 0)
        self._side.setSpacing(12)
        row.addWidget(side)
        self._build_facts()
        self._build_window()
        self._side.addStretch(1)
        self._build_buttons()
        self.view.window_changed.connect(self._window_dragged)
        self.histogram.window_changed.connect(self._histogram_dragged)
        self.setFocusProxy(self.view)

    def _build_facts(self) -> None:
        self.facts = Card(" ")
        self._label = label("", wrap=True)
        self._format = label("", "small", wrap=True)
        self._path = label("", "small", wrap=True)
        self._finding = label("", "badge", wrap=True)
        for words in (self._label, self._format, self._path, self._finding):
            self.facts.body.addWidget(words)
        self._side.addWidget(self.facts)

    def _build_window(self) -> None:
        card = Card(texts.WINDOW)
        self.histogram = Histogram()
        self._window_words = label("", "small")
        self.presets = Chips([(name, name) for name in texts.PRESETS_CT])
        self.presets.chosen.connect(self._preset)
        self.reset = button(texts.RESET, "small", self._whole_range)
        self.invert = button(texts.INVERT, "small")
        self.invert.setCheckable(True)
        self.invert.toggled.connect(self.view.set_inverted)
        card.body.addWidget(self.histogram)
        card.body.addWidget(self._window_words)
        card.body.addWidget(self.presets)
        row = QHBoxLayout()
        for made in (
            self.reset,
            self.invert,
            button(texts.FIT, "small", self.view.fit),
            button(texts.REAL, "small", self.view.real_size),
        ):
            row.addWidget(made)
        row.addStretch(1)
        card.body.addLayout(row)
        self._side.addWidget(card)

    def _build_buttons(self) -> None:
        row = QHBoxLayout()
        row.addWidget(button(inspect.RELABEL, on_click=self.relabel_asked.emit))
        row.addWidget(button(inspect.LEAVE_OUT, on_click=self.leave_out_asked.emit))
        self._side.addLayout(row)
        row = QHBoxLayout()
        row.addWidget(button(texts.PREVIOUS, on_click=lambda: self.moved.emit(-1)))
        row.addWidget(button(texts.NEXT, on_click=lambda: self.moved.emit(1)))
        self._side.addLayout(row)
        self._side.addWidget(button(texts.BACK, on_click=self.closed.emit))

    def show_image(self, image: ImageRecord, sources: Sources, place: str, badge: str = "") -> None:
        """Open an image in the background and show it."""
        self.image = image
        self.facts.set_title(PurePosixPath(image.path).name, place)
        self._label.setText(f"{image.label} · {common.PARTS[image.part]}")
        self._format.setText(texts.facts(image.width, image.height, image.channels, image.bits, image.format))
        self._path.setText(image.path)
        self._finding.setText(badge)
        self._finding.setVisible(bool(badge))
        self.view.show_words(texts.LOADING)
        self.view.setAccessibleName(image.path)
        file, frame = sources.locate(image.path), image.frame

        def work() -> "tuple[ImageRecord, Frame]":
            return image, read_frame(file, frame)

        in_background(work, self._opened, self._unreadable)

    def _opened(self, found: "tuple[ImageRecord, Frame]") -> None:
        image, frame = found
        if self.image is None or (image.path, image.frame) != (self.image.path, self.image.frame):
            return
        pixels = frame.pixels
        if pixels.dtype == np.uint8:
            self._full = (0.0, 255.0)
        else:
            values = pixels[:: max(1, len(pixels) // 512)]
            if frame.padding is not None and (values != frame.padding).any():
                values = values[values != frame.padding]
            low, high = (float(v) for v in np.percentile(values, (0.5, 99.5)))
            self._full = (low, high if high > low else low + 1.0)
        lowest, highest = float(pixels.min()), float(pixels.max())
        if pixels.dtype == np.uint8:
            lowest, highest = 0.0, 255.0
        self.histogram.show_values(pixels, lowest, highest)
        self.presets.setVisible(image.units == "dicom" and lowest < AIR)
        self.presets.set_chosen("")
        self.view.show_pixels(pixels, *self._full)
        self._show_window(*self._full)

    def _unreadable(self, sentence: str) -> None:
        self.view.show_words(sentence)

    def _preset(self, name: str) -> None:
        centre, width = texts.PRESETS_CT[name]
        self._histogram_dragged(centre - width / 2, centre + width / 2)
        self.presets.set_chosen(name)

    def _whole_range(self) -> None:
        self._histogram_dragged(*self._full)

    def _histogram_dragged(self, low: float, high: float) -> None:
        self.view.show_window(low, high)
        self._show_window(low, high)

    def _window_dragged(self, low: float, high: float) -> None:
        self._show_window(low, high)

    def _show_window(self, low: float, high: float) -> None:
        self.histogram.show_window(low, high)
        self._window_words.setText(texts.window(low, high))
        self.presets.set_chosen("")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Escape, Qt.Key.Key_Space):
            self.closed.emit()
        elif key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Up):
            self.moved.emit(1 if key in (Qt.Key.Key_Right, Qt.Key.Key_Down) else -1)
        elif key in (Qt.Key.Key_X, Qt.Key.Key_Delete):
            self.leave_out_asked.emit()
        elif key == Qt.Key.Key_R:
            self.relabel_asked.emit()
        else:
            super().keyPressEvent(event)
