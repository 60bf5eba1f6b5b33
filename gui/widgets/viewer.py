"""The large view of one image with its window, what is known of it, and what the network sees of it."""

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, Qt, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSlider, QVBoxLayout, QWidget

from counterpoise.core.catalog.types import NO_FRAME, ImageRecord, Sources
from counterpoise.gui.frame_loader import FrameLoader
from counterpoise.gui.opened import Opened
from counterpoise.gui.texts import gallery, inspect
from counterpoise.gui.texts import viewer as texts
from counterpoise.gui.theme import px
from counterpoise.gui.widgets.about_card import AboutCard
from counterpoise.gui.widgets.image_view import ImageView
from counterpoise.gui.widgets.labels import ElidedLabel, button, label
from counterpoise.gui.widgets.linked_views import link
from counterpoise.gui.widgets.network_view import NetworkView
from counterpoise.gui.widgets.scrolling import scrolling
from counterpoise.gui.widgets.viewer_bar import ViewerBar
from counterpoise.gui.widgets.window_card import WindowCard

if TYPE_CHECKING:
    from counterpoise.gui.session import Session

SIDE, LARGEST_SIDE = 324, 430
NEXT_FRAME = (Qt.Key.Key_PageDown, Qt.Key.Key_Period)
PREVIOUS_FRAME = (Qt.Key.Key_PageUp, Qt.Key.Key_Comma)


class Viewer(QWidget):
    """Arrows go on, Escape goes back; X, T, R and M do what they do in the gallery."""

    closed = Signal()
    moved = Signal(int)
    """By how many images to go on."""
    leave_out_asked = Signal()
    """Or to take it in again, where it is left out."""
    relabel_asked = Signal(QPoint)
    move_asked = Signal(QPoint)
    """Where on the screen a menu is to open, both."""
    frame_chosen = Signal(object)
    """Another frame of the file is shown now: its ImageRecord. What is asked then is meant for that one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.image: ImageRecord | None = None
        self.found: Opened | None = None
        """The image as opened; None while it is being read."""
        self._session: Session | None = None
        self._sources: Sources | None = None
        self._frames: tuple[ImageRecord, ...] = ()
        self._within_file = False
        self.loader = FrameLoader(self)
        self.loader.opened.connect(self._opened)
        self.loader.failed.connect(self._unreadable)
        self.view = ImageView()
        self.bar = ViewerBar(self.view)
        self.network = NetworkView()
        self.network.hide()
        link([self.view, self.network.view])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.bar)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addLayout(self._pictures(), 1)
        row.addWidget(self._side())
        column.addLayout(row, 1)
        self._connect()
        self.setFocusProxy(self.view)

    def _pictures(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(6)
        pair = QHBoxLayout()
        pair.setSpacing(10)
        pair.addWidget(self.view, 1)
        pair.addWidget(self.network, 1)
        column.addLayout(pair, 1)
        column.addWidget(self.network.words)
        self.network.words.hide()
        self.frames = QWidget()
        row = QHBoxLayout(self.frames)
        row.setContentsMargins(0, 0, 0, 0)
        self._frame_words = label("", "small")
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setPageStep(1)
        self.slider.setMinimumHeight(px(22))
        self.slider.setToolTip(texts.KEYS_FRAMES)
        row.addWidget(self._frame_words)
        row.addWidget(self.slider, 1)
        self.frames.hide()
        column.addWidget(self.frames)
        keys = ElidedLabel("small")
        keys.setText(texts.KEYS)
        column.addWidget(keys)
        return column

    def _side(self) -> QWidget:
        side = self._beside = QWidget()
        side.setFixedWidth(min(px(SIDE), LARGEST_SIDE))
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        self.facts, self.window_card = AboutCard(), WindowCard()
        cards = QWidget()
        inner = QVBoxLayout(cards)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(10)
        inner.addWidget(self.window_card)
        inner.addWidget(self.facts)
        inner.addStretch(1)
        column.addWidget(scrolling(cards), 1)
        self.relabel = button(inspect.RELABEL, "small", lambda: self._ask(self.relabel_asked, self.relabel))
        self.move_to = button(gallery.MOVE, "small", lambda: self._ask(self.move_asked, self.move_to))
        self.out = button(inspect.LEAVE_OUT, "small", self.leave_out_asked.emit)
        acts = QHBoxLayout()
        acts.setSpacing(6)
        for made, key in ((self.relabel, "R"), (self.move_to, "M"), (self.out, "X")):
            made.setToolTip(texts.key(key))
            acts.addWidget(made, 1)
        column.addLayout(acts)
        return side

    def _ask(self, what: SignalInstance, asker: QPushButton) -> None:
        if asker.isEnabled():
            what.emit(asker.mapToGlobal(QPoint(0, 0)))

    def _connect(self) -> None:
        self.bar.back.clicked.connect(self.closed)
        self.bar.previous.clicked.connect(lambda: self.moved.emit(-1))
        self.bar.next.clicked.connect(lambda: self.moved.emit(1))
        self.bar.network.toggled.connect(self._show_network)
        self.view.window_changed.connect(self.window_card.show_window)
        self.window_card.window_chosen.connect(self.view.show_window)
        self.slider.valueChanged.connect(self._slide)

    def set_session(self, session: "Session") -> None:
        """Know the other frames of a file, and what the network sees by the settings in force."""
        self._session = session
        self.network.set_session(session)

    # ---- what is shown

    def show_image(self, image: ImageRecord, sources: Sources, place: str, badge: str = "") -> None:
        """Open an image in the background and show it; one that is shown already stays as it is."""
        before, self.image = self.image, image
        self.bar.place.setText(place)
        self.facts.show_record(image, badge)
        self.out.setText(inspect.LEAVE_OUT if image.part else gallery.TAKE_IN)
        self.move_to.setEnabled(bool(image.part))
        self.view.setAccessibleName(image.path)
        same = before is not None and (_key(before), before.content) == (_key(image), image.content)
        if same and sources == self._sources:
            return
        self._sources = sources
        self._within_file = before is not None and before.path == image.path
        self._show_frames(image)
        self._open(image)

    def _open(self, image: ImageRecord) -> None:
        assert self._sources is not None
        if not self._within_file:  # between frames the one before stays until the next is there
            self.found = None
            self.view.show_words(texts.LOADING)
            self.bar.show_zoom()
        self.loader.ask(self._sources.locate(image.path), image.frame, image.content)

    def _opened(self, found: Opened) -> None:
        keeps, self.found = self._within_file and self.found is not None, found
        window = self.view.window_range if keeps else found.first_window
        self.view.show_picture(found.picture, *window, keep_place=keeps, words_at=self._words_at)
        self.window_card.show_image(found, window)
        self.facts.show_opened(found)
        self.network.show_image(found)

    def _unreadable(self, sentence: str) -> None:
        self.found = None
        self.view.show_words(sentence)
        self.facts.show_opened(None)
        self.network.show_image(None)

    def _words_at(self, column: int, row: int) -> str:
        if self.found is None:
            return ""
        values = self.found.picture.pixels[row, column]
        return texts.at(column, row, [float(one) for one in values.reshape(-1)], texts.unit(self.found.frame))

    def _show_network(self, shown: bool) -> None:
        self.network.setVisible(shown)
        self.network.words.setVisible(shown)
        self.view.set_caption(texts.ORIGINAL if shown else "")
        self.network.view.set_caption(texts.NETWORK)
        self.network.view.set_place(self.view.place)
        self.network.show_image(self.found)

    # ---- frames of one file

    def _show_frames(self, image: ImageRecord) -> None:
        catalog = self._session.catalog if self._session is not None else None
        images = catalog.images if catalog is not None and image.frame != NO_FRAME else ()
        first = bisect_left(images, image.path, key=_path)
        self._frames = images[first : bisect_right(images, image.path, lo=first, key=_path)]
        at = next((i for i, one in enumerate(self._frames) if one.frame == image.frame), 0)
        self.slider.blockSignals(True)
        self.slider.setRange(0, max(len(self._frames) - 1, 0))
        self.slider.setValue(at)
        self.slider.blockSignals(False)
        self.frames.setVisible(len(self._frames) > 1)
        self._say_frame(at)

    def _say_frame(self, at: int) -> None:
        self._frame_words.setText(texts.frame_of(at, len(self._frames)))
        self.slider.setAccessibleName(texts.frame_of(at, len(self._frames)))

    def _slide(self, at: int) -> None:
        self.image = self._frames[at]
        self._within_file = True
        self._say_frame(at)
        self._open(self.image)
        self.frame_chosen.emit(self.image)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Escape, Qt.Key.Key_Space):
            self.closed.emit()
        elif key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Up):
            self.moved.emit(1 if key in (Qt.Key.Key_Right, Qt.Key.Key_Down) else -1)
        elif key in (Qt.Key.Key_X, Qt.Key.Key_Delete) or (key == Qt.Key.Key_T and self._is_out()):
            self.leave_out_asked.emit()
        elif key == Qt.Key.Key_R:
            self._ask(self.relabel_asked, self.relabel)
        elif key == Qt.Key.Key_M:
            self._ask(self.move_asked, self.move_to)
        elif Qt.Key.Key_1 <= key <= Qt.Key.Key_9:
            self.window_card.choose(key - Qt.Key.Key_1)
        elif key == Qt.Key.Key_I:
            self.bar.invert.toggle()
        elif key == Qt.Key.Key_N:
            self.bar.network.toggle()
        elif key in NEXT_FRAME or key in PREVIOUS_FRAME:
            self.slider.setValue(self.slider.value() + (1 if key in NEXT_FRAME else -1))
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._beside.setFixedWidth(min(px(SIDE), LARGEST_SIDE))

    def _is_out(self) -> bool:
        return self.image is not None and not self.image.part

    def close_down(self) -> None:
        """End all that is read in the background."""
        self.loader.close()
        self.network.close_down()


def _key(image: ImageRecord) -> tuple[str, int]:
    return image.path, image.frame


def _path(image: ImageRecord) -> str:
    return image.path
