"""One of two images that are compared."""

from pathlib import PurePosixPath

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from counterpoise.core.catalog.types import ImageRecord, Sources
from counterpoise.gui.frame_loader import FrameLoader
from counterpoise.gui.opened import Opened, Range
from counterpoise.gui.texts import common
from counterpoise.gui.texts import pairs as texts
from counterpoise.gui.texts import viewer as viewer_texts
from counterpoise.gui.widgets.image_view import ImageView
from counterpoise.gui.widgets.labels import ElidedLabel, button


class PairSide(QWidget):
    """The image with its words and the button that leaves it out or takes it in again."""

    ready = Signal()
    """The image was opened, or can't be: see ``found``."""

    def __init__(self, number: int, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = number
        self.is_waiting = False
        """For an image that is being opened."""
        self.image: ImageRecord | None = None
        self.found: Opened | None = None
        self.loader = FrameLoader(self)
        self.loader.opened.connect(self._opened)
        self.loader.failed.connect(self._failed)
        self.title, self.path, self.facts = ElidedLabel("heading"), ElidedLabel("small"), ElidedLabel("small")
        self.view = ImageView()
        self.view.setAccessibleName(name)
        self.leave_out = button(texts.leave_out(number), "small")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.title)
        column.addWidget(self.view, 1)
        self.foot = QWidget()
        below = QVBoxLayout(self.foot)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(4)
        for made in (self.path, self.facts, self.leave_out):
            below.addWidget(made)
        column.addWidget(self.foot)

    def show_image(self, image: ImageRecord, sources: Sources) -> None:
        """Open an image; its old picture goes."""
        self.show_record(image)
        self.found, self.is_waiting = None, True
        self.view.show_words(viewer_texts.LOADING)
        self.loader.ask(sources.locate(image.path), image.frame, image.content)

    def show_record(self, image: ImageRecord) -> None:
        """Show what the catalog says of the image now."""
        self.image = image
        self.title.setText(f"{image.label} · {common.PARTS[image.part]}")
        self.path.setText(image.path if image.frame < 0 else f"{image.path}, frame {image.frame + 1}")
        self.facts.setText(f"{texts.size(image)} · {texts.stored(image)}")
        words = texts.leave_out if image.part else texts.take_in
        self.leave_out.setText(words(self._number))
        self.leave_out.setAccessibleName(f"{words(self._number)}: {PurePosixPath(image.path).name}")
        self.view.set_caption("" if image.part else texts.LEFT_OUT)

    def _opened(self, found: Opened) -> None:
        self.found, self.is_waiting = found, False
        self.view.show_picture(found.picture, *found.first_window, words_at=self._words_at)
        self.ready.emit()

    def _failed(self, sentence: str) -> None:
        self.found, self.is_waiting = None, False
        self.view.show_words(sentence)
        self.ready.emit()

    def _words_at(self, column: int, row: int) -> str:
        if self.found is None:
            return ""
        values = [float(one) for one in self.found.picture.pixels[row, column].reshape(-1)]
        return viewer_texts.at(column, row, values, viewer_texts.unit(self.found.frame))

    def follow_window(self, other: "PairSide", window: Range) -> None:
        """Take over the window of the other image: the same values, or the same part of another range."""
        if self.found is None or other.found is None:
            return
        own, given = self.found, other.found
        if (own.frame.units, own.frame.bits) == (given.frame.units, given.frame.bits):
            self.view.show_window(*window)
            return
        (low, high), (from_, to) = own.first_window, given.first_window
        scale = (high - low) / (to - from_)
        self.view.show_window(low + (window[0] - from_) * scale, low + (window[1] - from_) * scale)
