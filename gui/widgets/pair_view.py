"""Two images side by side, with what differs in words and as a third picture."""

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from counterpoise.core.catalog.types import Catalog, ImageRecord, Sources
from counterpoise.gui.jobs import in_background
from counterpoise.gui.opened import Opened
from counterpoise.gui.picture import Picture
from counterpoise.gui.texts import pairs as texts
from counterpoise.gui.texts import viewer as viewer_texts
from counterpoise.gui.widgets.image_view import ImageView
from counterpoise.gui.widgets.labels import ElidedLabel, button, label
from counterpoise.gui.widgets.linked_views import link
from counterpoise.gui.widgets.pair_side import PairSide

if TYPE_CHECKING:
    from counterpoise.core.pixels.difference import Difference
    from counterpoise.gui.session import Session

Pair = tuple[ImageRecord, ImageRecord]
LEAST_WHITE = 0.06
"""Share of the range that white means at least in the difference: noise isn't blown up to a picture."""


class PairView(QWidget):
    """Left and right go on among pairs, 1 and 2 leave one out or take it in again, Escape goes back."""

    closed = Signal()
    leave_out_asked = Signal(object)
    restore_asked = Signal(object)
    """ImageRecords, both."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pairs: list[Pair] = []
        self.at = 0
        self.difference: Difference | None = None
        self._sources: Sources | None = None
        self._title = ""
        self._number = 0
        self._last: PairSide | None = None
        self.left, self.right = PairSide(1, texts.LEFT), PairSide(2, texts.RIGHT)
        self.sides = (self.left, self.right)
        self.third = ImageView(windows=False)
        self.third.setAccessibleName(texts.DIFFERENCE)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(self._bar())
        column.addLayout(self._pictures(), 1)
        self.kind = label("", "heading", wrap=True)
        self.words = label("", wrap=True)
        column.addWidget(self.kind)
        column.addWidget(self.words)
        column.addLayout(self._foot())
        link([self.left.view, self.right.view, self.third])
        self._connect()
        self.setFocusProxy(self.left.view)

    def _bar(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self.back = button(texts.BACK, "small", self.closed.emit)
        self.previous = button(texts.PREVIOUS, "small", lambda: self.go_to(self.at - 1))
        self.next = button(texts.NEXT, "small", lambda: self.go_to(self.at + 1))
        self.place = ElidedLabel("muted")
        self.invert, self.differ = _switch(texts.INVERT), _switch(texts.DIFFERENCE)
        self.differ.setToolTip(texts.DIFFERENCE_HELP)
        self.differ.setChecked(True)
        for made in (self.back, self.previous, self.next):
            row.addWidget(made)
        row.addWidget(self.place, 1)
        for name, act in ((viewer_texts.FIT, self.left.view.fit), (viewer_texts.REAL, self._real_size)):
            row.addWidget(button(name, "small", act))
        row.addWidget(self.invert)
        row.addWidget(self.differ)
        return row

    def _pictures(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(10)
        for side in self.sides:
            row.addWidget(side, 1)
        self._third = QWidget()
        column = QVBoxLayout(self._third)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self._white = ElidedLabel("heading")
        self._white.setText(texts.DIFFERENCE)
        self._figures = label("", "small", wrap=True)
        self._figures.setAlignment(Qt.AlignmentFlag.AlignTop)
        column.addWidget(self._white)
        column.addWidget(self.third, 1)
        column.addWidget(self._figures)
        self._figures.setFixedHeight(self.left.foot.sizeHint().height())  # the three stand level
        row.addWidget(self._third, 1)
        return row

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self._done = label("", "muted")
        self.undo = button(texts.UNDO, "small", self._take_back)
        keys = ElidedLabel("small")
        keys.setText(texts.KEYS)
        row.addWidget(self._done)
        row.addWidget(self.undo)
        row.addWidget(keys, 1)
        self._say_done(None)
        return row

    def _connect(self) -> None:
        for side, other in ((self.left, self.right), (self.right, self.left)):
            side.ready.connect(self._compare)
            side.leave_out.clicked.connect(lambda _=False, side=side: self._switch_out(side))
            side.view.window_changed.connect(
                lambda low, high, side=side, other=other: other.follow_window(side, (low, high))
            )
            self.invert.toggled.connect(side.view.set_inverted)
        self.differ.toggled.connect(self._third.setVisible)

    def set_session(self, session: "Session") -> None:
        """Follow what the session's catalog says of the images: edits, undo, a new scan."""
        session.catalog_changed.connect(lambda: self.show_catalog(session.catalog))

    # ---- what is shown

    def show_pairs(self, pairs: Sequence[Pair], sources: Sources, title: str) -> None:
        """Show the first of these pairs."""
        self.pairs, self._sources, self._title = list(pairs), sources, title
        self.go_to(0)

    def go_to(self, at: int) -> None:
        """Show another pair; beyond the last nothing happens."""
        if not 0 <= at < len(self.pairs) or self._sources is None:
            return
        self.at, self.difference = at, None
        self._number += 1
        self._say_done(None)
        self.previous.setEnabled(at > 0)
        self.next.setEnabled(at < len(self.pairs) - 1)
        self.place.setText(texts.place(at, len(self.pairs), self._title))
        self.third.show_words(texts.COMPARING)
        self._white.setText(texts.DIFFERENCE)
        self._figures.setText("")
        self.kind.setText(texts.COMPARING)
        for side in self.sides:  # one seen a moment ago is there at once: it must wait for the new other one
            side.is_waiting = True
        for side, image in zip(self.sides, self.pairs[at], strict=True):
            side.show_image(image, self._sources)
        self._say()

    def show_catalog(self, catalog: Catalog | None) -> None:
        """Take over label and part of the images as they are now; those that have gone stay as they were.

        Where a file of the pair in sight was read anew, the two are opened and compared anew.
        """
        if catalog is None or not self.pairs:
            return
        before = [image.content for image in self.pairs[self.at]]
        self.pairs = [(_now(catalog, a), _now(catalog, b)) for a, b in self.pairs]
        if before != [image.content for image in self.pairs[self.at]]:
            self.go_to(self.at)
            return
        for side, image in zip(self.sides, self.pairs[self.at], strict=True):
            side.show_record(image)
        self._say()
        if self._last is not None and self._last.image is not None and self._last.image.part:
            self._say_done(None)  # undone elsewhere

    def _say(self) -> None:
        a, b = self.pairs[self.at]
        self.words.setText(" ".join(filter(None, (texts.differing(a, b), texts.advice(a, b)))))

    def _real_size(self) -> None:
        self.left.view.real_size()

    # ---- comparing

    def _compare(self) -> None:
        """Compare once both are there."""
        first, second, number = self.left.found, self.right.found, self._number
        if any(side.is_waiting for side in self.sides):
            return
        if first is None or second is None:
            self.third.show_words(texts.NOT_COMPARED)
            self.kind.setText(texts.NOT_COMPARED)
            return
        same = self.pairs[self.at][0].content == self.pairs[self.at][1].content
        in_background(lambda: (number, *_compared(first, second, same)), self._show_difference)

    def _show_difference(self, outcome: "tuple[int, Difference, Picture, float, str]") -> None:
        number, found, picture, white, kind = outcome
        if number != self._number:
            return
        self.difference = found
        place = self.left.view.place
        self.third.show_picture(picture, 0.0, white, words_at=self._difference_at)
        self.third.set_place(place)
        self._white.setText(texts.bright(white))
        self._figures.setText(texts.compared(found))
        self.kind.setText(texts.KINDS[kind])

    def _difference_at(self, column: int, row: int) -> str:
        if self.difference is None:
            return ""
        return viewer_texts.at(column, row, [float(self.difference.values[row, column])], "")

    # ---- leaving out

    def _switch_out(self, side: PairSide) -> None:
        image = side.image
        if image is None:
            return
        (self.leave_out_asked if image.part else self.restore_asked).emit(image)
        self._say_done(side if image.part else None)

    def _say_done(self, side: PairSide | None) -> None:
        self._last = side
        name = PurePosixPath(side.image.path).name if side is not None and side.image is not None else ""
        self._done.setText(texts.was_left_out(name) if name else "")
        self._done.setVisible(bool(name))
        self.undo.setVisible(bool(name))

    def _take_back(self) -> None:
        side = self._last
        self._say_done(None)
        if side is not None and side.image is not None:
            self.restore_asked.emit(side.image)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Escape, Qt.Key.Key_Space):
            self.closed.emit()
        elif key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_PageDown):
            self.go_to(self.at + 1)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_PageUp):
            self.go_to(self.at - 1)
        elif key in (Qt.Key.Key_1, Qt.Key.Key_2):
            self._switch_out(self.sides[key - Qt.Key.Key_1])
        elif key == Qt.Key.Key_D:
            self.differ.toggle()
        elif key == Qt.Key.Key_I:
            self.invert.toggle()
        else:
            super().keyPressEvent(event)

    def close_down(self) -> None:
        """End what is read in the background."""
        self._number += 1
        for side in self.sides:
            side.loader.close()


def _compared(first: Opened, second: Opened, same: bool) -> "tuple[Difference, Picture, float, str]":
    """Return the difference, its picture in the shape of the first image, what is white in it, and the
    kind of likeness."""
    from counterpoise.core.catalog.alike.confirm import confirm
    from counterpoise.core.catalog.thumbnails import visible
    from counterpoise.core.pixels.difference import difference

    found = difference(first.frame, second.frame)
    shape = (first.picture.width, first.picture.height)
    kind = "same" if same else confirm(visible(first.frame), visible(second.frame), 0.1).kind or ""
    white = max(LEAST_WHITE * found.full, float(np.percentile(found.values, 99.9)))
    return found, Picture.of(found.values, shape), white, kind


def _now(catalog: Catalog, image: ImageRecord) -> ImageRecord:
    """Return the image as a catalog has it; one that has gone as it was."""
    return next(iter(catalog.named((image.path, image.frame))), image)


def _switch(words: str) -> QPushButton:
    made = button(words, "small")
    made.setCheckable(True)
    return made
