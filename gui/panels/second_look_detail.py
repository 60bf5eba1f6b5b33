"""The image in hand, large, with what is said of it and what can be done."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from counterpoise.core.catalog.types import ImageRecord, Sources
from counterpoise.gui.texts import common
from counterpoise.gui.texts import review as texts
from counterpoise.gui.theme import px
from counterpoise.gui.thumbnails import Thumbnails
from counterpoise.gui.widgets.cards import Card
from counterpoise.gui.widgets.labels import ElidedLabel, button, label
from counterpoise.gui.widgets.portrait import Portrait
from counterpoise.gui.widgets.suspects import Suspect


class SuspectDetail(Card):
    """Asks for actions by name; the panel carries them out."""

    acted = Signal(str)
    """``relabel``, ``right``, ``other``, ``out``, ``out0`` or ``out1``."""

    def __init__(self, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__("", parent=parent)
        self._thumbnails = thumbnails
        self.portraits = (Portrait(), Portrait())
        row = QHBoxLayout()
        row.setSpacing(8)
        for portrait in self.portraits:
            row.addWidget(portrait)
        self.body.addLayout(row, 1)
        self.path = ElidedLabel("small")
        self.facts = label("", "small", wrap=True)
        self.words = label("", wrap=True)
        self.mark = label("", "badge")
        for words in (self.path, self.facts, self.words, self.mark):
            self.body.addWidget(words)
        self.relabel = self._button("relabel", "")  # not primary: most doubts are hard cases
        self.right = self._button("right", texts.RIGHT)
        self.out = self._button("out", texts.LEAVE_OUT)
        self.other = self._button("other", texts.OTHER)
        self.out0 = self._button("out0", texts.LEAVE_FIRST)
        self.out1 = self._button("out1", texts.LEAVE_SECOND)
        self.body.addWidget(self.relabel)
        self.body.addWidget(self.right)
        for pair in ((self.out, self.other), (self.out0, self.out1)):
            side = QHBoxLayout()
            for made in pair:
                side.addWidget(made)
            self.body.addLayout(side)
        self.setMinimumWidth(px(320))

    def _button(self, action: str, words: str) -> QPushButton:
        return button(words, on_click=lambda: self.acted.emit(action))

    def show_nothing(self) -> None:
        """Nothing is chosen."""
        for portrait in self.portraits:
            portrait.show_file(None, -1, None, "")
        self.portraits[1].hide()
        self.words.setText(texts.CHOOSE)
        for made in (self.path, self.facts, self.mark, *self._buttons):
            made.hide()

    @property
    def _buttons(self) -> tuple[QPushButton, ...]:
        return (self.relabel, self.right, self.out, self.other, self.out0, self.out1)

    def show_suspect(
        self, suspect: Suspect, sources: Sources, said: str, suggested: str, right: bool
    ) -> None:
        """Show one image, or a pair; ``suggested`` is the label to offer, empty for none."""
        pair = len(suspect.keys) > 1
        self.portraits[1].setVisible(pair)
        for portrait, image in zip(self.portraits, suspect.images, strict=False):
            if image is None:
                portrait.show_file(None, -1, None, "")
                continue
            file = sources.locate(image.path)
            portrait.show_file(file, image.frame, self._thumbnails.get(image), image.path)
        self.path.setText("  ·  ".join(path for path, _ in suspect.keys))
        self.path.show()
        self.facts.setText("  ·  ".join(_facts(image) for image in suspect.images if image is not None))
        self.facts.show()
        self.words.setText(said)
        self.mark.setText(suspect.mark)
        self.mark.setVisible(bool(suspect.mark))
        there = all(image is not None for image in suspect.images)
        first = suspect.images[0]
        self.relabel.setText(texts.relabel(suggested))
        self.relabel.setVisible(bool(suggested) and there)
        self.relabel.setEnabled(first is not None and first.label != suggested)
        self.right.setText(texts.RIGHT_TAKEN_BACK if right else texts.RIGHT)
        self.right.setVisible(bool(suggested) and there)
        self.other.setVisible(not pair and there)
        self.out.setVisible(not pair and there)
        self.out.setText(_out_words(first, texts.LEAVE_OUT, texts.TAKE_IN))
        words = ((texts.LEAVE_FIRST, texts.TAKE_FIRST), (texts.LEAVE_SECOND, texts.TAKE_SECOND))
        for made, image, texts_of in zip((self.out0, self.out1), suspect.images, words, strict=False):
            made.setText(_out_words(image, *texts_of))
        for made in (self.out0, self.out1):
            made.setVisible(pair and there)


def _out_words(image: ImageRecord | None, leave: str, take: str) -> str:
    return take if image is not None and not image.part else leave


def _facts(image: ImageRecord) -> str:
    return f"{image.label}, {common.PARTS[image.part]}, {image.width} × {image.height}"
