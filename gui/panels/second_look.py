"""A second look at the labels: what a network doubts, shown for a person to decide."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from counterpoise.core.catalog.types import ImageRecord, Key
from counterpoise.core.review.result import Doubt, Review, Unlike
from counterpoise.core.review.words import NOTE, advice, cautions, headline
from counterpoise.gui.panels.second_look_decisions import Decisions
from counterpoise.gui.panels.second_look_detail import SuspectDetail
from counterpoise.gui.second_look import SecondLook
from counterpoise.gui.session import Session
from counterpoise.gui.texts import inspect
from counterpoise.gui.texts import review as texts
from counterpoise.gui.theme import px, restyle
from counterpoise.gui.thumbnails import Thumbnails
from counterpoise.gui.widgets.cards import Card
from counterpoise.gui.widgets.choices import Chips
from counterpoise.gui.widgets.labels import ElidedLabel, button, label
from counterpoise.gui.widgets.progress import Progress
from counterpoise.gui.widgets.suspects import Suspect, SuspectList, SuspectModel

READABLE, WIDEST = 860, 16_777_215
"""Pixels of a line of prose; Qt's word for any."""


class SecondLookPanel(QWidget):
    """Starts the look, shows what it found, and carries out what the person decides."""

    keys_asked = Signal(tuple, str, object)
    """Images (path, frame) to be shown in the gallery, in this order, a title, and words by path."""
    look_asked = Signal(object, str, str)
    """An image to be seen large, its place among the others, and what is said of it."""
    pairs_asked = Signal(list, str, int)
    """Pairs of images to be seen side by side, a title, and which pair first."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.look = SecondLook(session)
        self.decisions = Decisions(session, self.look)
        self._tab = "doubts"
        self._shown: Review | None = None
        self.thumbnails = Thumbnails(self)
        self.model = SuspectModel(self.thumbnails, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self._head())
        column.addWidget(self._found(), 1000)
        column.addStretch(1)
        self.look.changed.connect(self.refresh)
        self.look.progressed.connect(self._progressed)
        session.catalog_changed.connect(self.refresh)
        self.decisions.done.connect(self._go_on)
        self.refresh()

    def _head(self) -> Card:
        head = Card()
        row = QHBoxLayout()
        row.setSpacing(12)
        self.sentence = label("", "lead", wrap=True)
        row.addWidget(self.sentence, 1, Qt.AlignmentFlag.AlignVCenter)
        self.with_test = QCheckBox(texts.WITH_TEST)
        self.with_test.setToolTip(texts.WITH_TEST_HELP)
        self.start = button(texts.START, "primary", self._start_or_cancel)
        for made in (self.with_test, self.start):
            row.addWidget(made, 0, Qt.AlignmentFlag.AlignVCenter)
        head.body.addLayout(row)
        self.note = label("", "muted", wrap=True)
        self.busy = label("", "small")
        self.progress = Progress()
        for below in (self.note, self.progress, self.busy):
            head.body.addWidget(below)
        head.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        return head

    def _found(self) -> QWidget:
        self.found = QWidget()
        column = QVBoxLayout(self.found)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        row = QHBoxLayout()
        self.tabs = Chips([(name, words, texts.TAB_HELP[name]) for name, words in texts.TABS.items()])
        self.tabs.set_chosen(self._tab)
        self.tabs.chosen.connect(self._choose_tab)
        self.help = ElidedLabel("small")
        self.decided = label("", "small")
        self.closer = button(texts.CLOSER, "small", lambda: self.act("look"))
        self.gallery = button(texts.GALLERY, "small", self._ask_gallery)
        row.setSpacing(12)
        self.tabs.keep_in_one_row()
        row.addWidget(self.tabs)
        row.addWidget(self.help, 1)
        row.addWidget(self.decided)
        row.addWidget(self.closer)
        row.addWidget(self.gallery)
        column.addLayout(row)
        self.nothing = label("", "muted", wrap=True)
        column.addWidget(self.nothing)
        self.below = QWidget()
        below = QHBoxLayout(self.below)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(14)
        self.list = SuspectList(self.model)
        self.list.looked_at.connect(lambda _row: self._show_detail())
        self.list.acted.connect(self.act)
        self.detail = SuspectDetail(self.thumbnails)
        self.detail.acted.connect(self.act)
        below.addWidget(self.list, 2)
        below.addWidget(self.detail, 1)
        column.addWidget(self.below, 1000)
        column.addStretch(1)
        return self.found

    # ---- what is shown

    def shown(self) -> None:
        """The tab comes to the front."""
        self.look.wake()
        (self.list if self.list.isVisible() else self.start).setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self) -> None:
        """Show the review and the images as they are now."""
        catalog, look = self._session.catalog, self.look
        self.thumbnails.set_sources(catalog.sources if catalog is not None else None)
        self._show_head()
        new, self._shown = look.review is not self._shown, look.review
        self.found.setVisible(look.review is not None and catalog is not None)
        if look.review is not None:
            if new:
                self.with_test.setChecked(look.review.with_test)
            numbers = {"doubts": look.review.doubts, "unlike": look.review.unlike, "near": look.review.near}
            for name, entries in numbers.items():
                self.tabs.buttons[name].setText(texts.tab(name, len(entries)))
            right = sum(look.is_right(doubt.content, doubt.label) for doubt in look.review.doubts)
            self.decided.setText(texts.decided(right) if right else "")
        self._show_list()
        if new:
            self.list.go_to(0)
        if self.found.isVisible() and self.start.hasFocus() and not look.running:
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)  # it has just come

    def _show_head(self) -> None:
        look, review = self.look, self.look.review
        self.sentence.setText(headline(review) if review else texts.TITLE)
        self.note.setMaximumWidth(WIDEST if review else px(READABLE))
        if review is not None:
            notes = [look.note, texts.STALE if look.stale and not look.running else "", *cautions(review)]
            self.note.setText(" ".join(filter(None, (*notes, advice(review)))) or NOTE)
        else:
            waits = "" if look.possible else texts.NO_CATALOG
            about = f"{texts.WHAT}\n\n{texts.PROMISE}"
            self.note.setText("\n\n".join(filter(None, (look.note, waits, about))))
        self.start.setText(texts.CANCEL if look.running else texts.AGAIN if review else texts.START)
        self.start.setEnabled(look.possible or look.running)
        again = review is not None and not look.stale
        self.start.setProperty("kind", "" if look.running or again else "primary")
        restyle(self.start)
        self.with_test.setVisible(not look.running)
        for made in (self.progress, self.busy):
            made.setVisible(look.running)
        if look.running and not self.busy.text():
            self._progressed("scan", 0, 0, None)

    def _progressed(self, stage: str, done: int, total: int, seconds: float | None) -> None:
        self.busy.setText(texts.working(stage, done, total, seconds))
        if total:
            self.progress.set_share(done / total)
        else:
            self.progress.set_busy()

    def _choose_tab(self, name: str) -> None:
        self._tab = name
        self._show_list()
        self.list.go_to(0)

    def _show_list(self) -> None:
        suspects = self._suspects()
        self.list.set_wide(self._tab == "near")
        row = max(self.list.currentIndex().row(), 0)
        self.model.show(suspects)
        self.help.setText(texts.TAB_HELP[self._tab] if suspects else "")
        self.nothing.setText(texts.EMPTY[self._tab])
        self.nothing.setVisible(not suspects)
        self.below.setVisible(bool(suspects))
        self.closer.setText(texts.SIDE_BY_SIDE if self._tab == "near" else texts.CLOSER)
        for made in (self.closer, self.gallery):
            made.setVisible(bool(suspects))
        if suspects and not self.list.currentIndex().isValid():
            self.list.go_to(min(row, len(suspects) - 1))
        self._show_detail()

    def _suspects(self) -> list[Suspect]:
        review = self.look.review
        if review is None:
            return []
        if self._tab == "near":
            return [self._pair(pair.a, pair.b) for pair in review.near]
        return [self._suspect(entry) for entry in self._entries()]

    def _entries(self) -> Sequence[Doubt | Unlike]:
        """What the tab in hand shows; nothing where that is pairs."""
        review = self.look.review
        if review is None or self._tab == "near":
            return ()
        return review.doubts if self._tab == "doubts" else review.unlike

    def _suspect(self, entry: Doubt | Unlike) -> Suspect:
        image = self._image(entry.key)
        lines = texts.doubt(entry) if isinstance(entry, Doubt) else texts.unlike(entry)
        if image is not None and image.label != entry.label:
            lines = (texts.relabelled(entry.label, image.label), lines[1])
        return Suspect((entry.key,), (image,), lines, texts.MARKS.get(self._decision(entry, image), ""))

    def _image(self, key: Key) -> ImageRecord | None:
        """Return the image as it is now, None where there is none any more."""
        catalog = self._session.catalog
        return next(iter(catalog.named(key)), None) if catalog is not None else None

    def _decision(self, entry: Doubt | Unlike, image: ImageRecord | None) -> str:
        if image is None or image.content != entry.content:
            return "gone"
        if not image.part:
            return "out"
        if image.label != entry.label:
            return "relabelled"
        return "right" if self.look.is_right(image.content, image.label) else ""

    def _pair(self, a: Key, b: Key) -> Suspect:
        images = (self._image(a), self._image(b))
        out = any(image is not None and not image.part for image in images)
        mark = texts.MARKS["gone"] if None in images else texts.MARKS["out"] if out else ""
        return Suspect((a, b), images, (a[0], b[0]), mark)

    def _entry(self) -> Doubt | Unlike | None:
        entries, row = self._entries(), self.list.currentIndex().row()
        return entries[row] if 0 <= row < len(entries) else None

    def _show_detail(self) -> None:
        catalog, review, row = self._session.catalog, self.look.review, self.list.currentIndex().row()
        if catalog is None or review is None or not 0 <= row < self.model.rowCount():
            self.detail.show_nothing()
            return
        suspect, entry = self.model.suspect(row), self._entry()
        if entry is None:
            words = texts.pair(review.near[row].similarity)
        else:
            words = texts.chance(entry) if isinstance(entry, Doubt) else texts.far(entry)
        image = suspect.images[0]
        right = image is not None and self.look.is_right(image.content, image.label)
        suggested = entry.suggested if isinstance(entry, Doubt) else ""
        self.detail.show_suspect(suspect, catalog.sources, words, suggested, right)

    # ---- what the person decides

    def act(self, action: str) -> None:
        """Carry out ``look``, ``relabel``, ``right``, ``other``, ``out``, ``out0``, ``out1`` or ``undo``."""
        row = self.list.currentIndex().row()
        if action == "undo":
            self.list.go_to(self.decisions.take_back())
            return
        if action == "look":
            self._ask_look(row)
            return
        if not 0 <= row < self.model.rowCount():
            return
        images = self.model.suspect(row).images
        entry = self._entry()
        image = images[1 if action == "out1" else 0]
        if image is None or (action == "out" and len(images) > 1):
            return
        if action == "relabel" and isinstance(entry, Doubt) and image.label != entry.suggested:
            self.decisions.relabel(image, entry.suggested, row)
        elif action == "right" and isinstance(entry, Doubt):
            self.decisions.switch_right(image, row)
        elif action == "other" and len(images) == 1:
            self._ask_label(image, row)
        elif action in ("out", "out0", "out1"):
            self.decisions.switch_out(image, row)

    def _go_on(self, row: int) -> None:
        """A row is decided: go on to the next."""
        self.list.go_to(row + 1)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _ask_label(self, image: ImageRecord, row: int) -> None:
        catalog = self._session.catalog
        if catalog is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name in catalog.labels:
            action = menu.addAction(name)
            action.setEnabled(name != image.label)
            action.triggered.connect(lambda _=False, name=name: self.decisions.relabel(image, name, row))
        menu.popup(self.detail.other.mapToGlobal(self.detail.other.rect().bottomLeft()))

    def _ask_gallery(self) -> None:
        suspects = self._suspects()
        keys = dict.fromkeys(key for suspect in suspects for key in suspect.keys)
        said = {entry.path: texts.badge(entry) for entry in self._entries()}
        if keys:
            self.keys_asked.emit(tuple(keys), texts.shown(self._tab, len(keys)), said)

    def _ask_look(self, row: int) -> None:
        """Ask to see the image or the pair of a row large."""
        if not 0 <= row < self.model.rowCount():
            return
        suspect, rows = self.model.suspect(row), self.model.rowCount()
        if len(suspect.keys) > 1:
            pairs = [
                (number, (a, b))
                for number, (a, b) in enumerate(self.model.suspect(i).images for i in range(rows))
                if a is not None and b is not None
            ]
            if pairs:
                at = sum(number < row for number, _ in pairs)
                self.pairs_asked.emit([p for _, p in pairs], texts.TABS["near"], min(at, len(pairs) - 1))
        elif suspect.images[0] is not None:
            self.look_asked.emit(suspect.images[0], inspect.place(row, rows), suspect.lines[1])

    def look_further(self, step: int) -> None:
        """See the image large that stands ``step`` rows further on."""
        row = self.list.currentIndex().row() + step
        while 0 <= row < self.model.rowCount() and None in self.model.suspect(row).images:
            row += step
        if 0 <= row < self.model.rowCount():
            self.list.go_to(row)
            self._ask_look(row)

    def _start_or_cancel(self) -> None:
        if self.look.running:
            self.look.cancel()
        else:
            self.busy.setText("")
            self.look.start(self.with_test.isChecked())

    def close_down(self) -> None:
        """End the look and the making of pictures."""
        self.look.close()
        self.thumbnails.close()
