"""The gallery with its filters and what can be done with the images chosen."""

from collections.abc import Mapping

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSpacerItem, QWidget

from counterpoise.core.catalog.types import Catalog, ImageRecord, Key
from counterpoise.gui.gallery_feed import Fed, GalleryFeed, same_order
from counterpoise.gui.gallery_filter import NOTHING
from counterpoise.gui.gallery_model import GalleryModel
from counterpoise.gui.gallery_table import ImageTable
from counterpoise.gui.session import Session
from counterpoise.gui.texts import gallery as texts
from counterpoise.gui.texts import inspect
from counterpoise.gui.theme import px
from counterpoise.gui.thumbnails import Thumbnails
from counterpoise.gui.widgets.cards import Card
from counterpoise.gui.widgets.gallery import Gallery
from counterpoise.gui.widgets.gallery_actions import GalleryActions
from counterpoise.gui.widgets.gallery_filters import GalleryFilters
from counterpoise.gui.widgets.labels import ElidedLabel, button


class GalleryCard(Card):
    """Images that the user changes stay in their places until they are sorted again."""

    look_asked = Signal(int)
    filtered = Signal()
    """Something else is shown now."""
    tabled = Signal()
    """``table`` speaks of another catalog, or of an edited one."""
    larger_asked = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(inspect.GALLERY, parent=parent)
        self._session = session
        self._catalog: Catalog | None = None
        self.table: ImageTable | None = None
        self._asked_badges: Mapping[str, str] = {}
        self._stale = False
        """Whether edits were made since the images were sorted."""
        self._keep = False
        """Whether the next answer leaves the images in their places."""
        self.thumbnails = Thumbnails(self)
        self.model = GalleryModel(self)
        self.gallery = Gallery(self.model, self.thumbnails)
        self.gallery.setMinimumHeight(px(120))
        self.filters = GalleryFilters()
        self.by_finding = self.filters.by_finding
        self.actions_row = GalleryActions(session, self.gallery)
        self.feed = GalleryFeed(self)
        self.words = ElidedLabel("small")
        self.again_button = button(texts.AGAIN, "small", self.sort_again)
        self.again_button.setToolTip(texts.AGAIN_HELP)
        self.again_button.hide()
        self.larger_button = button(texts.LARGER, "small", self.larger_asked.emit)
        self.larger_button.setToolTip(texts.LARGER_HELP)
        self.smaller_pictures = self._sizer("−", bigger=False)
        self.bigger_pictures = self._sizer("+", bigger=True)
        self.gallery.set_picture_size(session.preferences.picture_size)
        self.gallery.sized.connect(self._keep_size)
        self._lay_out()
        self.feed.fed.connect(self._fed)
        self.filters.wished.connect(self._wished)
        self.filters.wished.connect(self.actions_row.close_question)
        self.gallery.look_asked.connect(self.look_asked)
        self.model.chosen_changed.connect(self._say)
        self.model.chosen_changed.connect(self.actions_row.close_question)
        self.actions_row.patient_asked.connect(lambda who: self.filters.only({"patient": texts.patient(who)}))
        self.actions_row.other_asked.connect(self._do)
        session.edits.was_read.connect(self._edits_read)

    def _lay_out(self) -> None:
        stretch = self.head.takeAt(self.head.count() - 1)
        del stretch
        self.head.addSpacing(6)
        self.head.addWidget(self.filters, 1)
        self.head.addWidget(self.larger_button)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addItem(QSpacerItem(0, px(28)))  # its buttons come and go: the images stay where they are
        row.addWidget(self.words, 1)
        row.addWidget(self.filters.clear_button)
        row.addWidget(self.again_button)
        row.addWidget(self.actions_row)
        row.addWidget(self.smaller_pictures)
        row.addWidget(self.bigger_pictures)
        self.body.addLayout(row)
        self.body.addWidget(self.actions_row.question)
        self.body.addWidget(self.gallery, 1)

    def _sizer(self, sign: str, *, bigger: bool) -> QPushButton:
        words = texts.BIGGER_PICTURES if bigger else texts.SMALLER_PICTURES
        made = button(
            sign, "small", lambda: self.gallery.resize_pictures(bigger=bigger), name=words.partition(" (")[0]
        )
        made.setToolTip(words)
        made.setFixedWidth(px(32))
        return made

    def _keep_size(self, size: float) -> None:
        self._session.preferences.picture_size = size

    # ---- what is shown

    def show_catalog(self, catalog: Catalog | None) -> None:
        """Show the images of a catalog through the filters in force."""
        before, self._catalog = self._catalog, catalog
        self.thumbnails.set_sources(catalog.sources if catalog else None)
        if catalog is None or before is None or before.sources != catalog.sources:
            self.filters.forget()
            self._asked_badges, self._stale = {}, False
        if catalog is None:
            self.feed.drop()
            self.table = None
            self.model.show((), NOTHING)
            return
        edited = self._session.edits.edited
        known = self._table_of(before) if before and before.findings is catalog.findings else None
        table = known.changed(catalog.images, edited) if known is not None else None
        if table is not None:  # an edit: shown at once, in its place
            self._stale = True
            self.table = table
            self.model.show(catalog.images, self.model.arrangement)
            self.tabled.emit()
        self._keep = self._stale and (table is not None or self._shows_same_images(catalog))
        self.feed.ask(catalog, table, edited, self.filters.wish)

    def _table_of(self, catalog: Catalog) -> ImageTable | None:
        """Return the table of a catalog; None while another one's is there still."""
        return self.table if self.table is not None and self.table.images is catalog.images else None

    def _shows_same_images(self, catalog: Catalog) -> bool:
        if self.table is None or len(self.table.images) != len(catalog.images):
            return False
        pairs = zip(self.table.images, catalog.images, strict=True)
        return all(a is b or (a.path, a.frame) == (b.path, b.frame) for a, b in pairs)

    def _edits_read(self) -> None:
        """The edits of earlier days are known now, or one couldn't be kept: mark images anew."""
        if self._catalog is not None:
            self.feed.ask(self._catalog, None, self._session.edits.edited, self.filters.wish)

    def _fed(self, fed: Fed) -> None:
        catalog = self._catalog
        if catalog is None:
            return
        self.table = fed.table
        self.filters.offer(fed.table, fed.counts)
        self.model.set_badges({**fed.badges, **self._asked_badges}, self._session.edits.edited)
        if self._keep:
            self.model.show(catalog.images, self.model.arrangement)
            self.again_button.setVisible(not same_order(self.model.arrangement, fed.arrangement))
        else:
            self._stale = False
            self.again_button.hide()
            self.model.show(catalog.images, fed.arrangement)
        self._say()
        self.tabled.emit()
        self.filtered.emit()

    def show_paths(self, paths: tuple[str, ...], title: str) -> None:
        """Show these images alone, under a title."""
        self._ask(title or inspect.asked(len(paths)), paths=frozenset(paths))

    def show_keys(self, keys: tuple[Key, ...], title: str, badges: Mapping[str, str] | None = None) -> None:
        """Show these images alone, in this order, under a title; ``badges`` are words by path."""
        self._asked_badges = badges or {}
        self._ask(title or inspect.asked(len(keys)), keys=keys)

    def _ask(
        self, title: str, *, paths: frozenset[str] | None = None, keys: tuple[Key, ...] | None = None
    ) -> None:
        if self._catalog is not None:
            self.model.selection.clear()
            self.model.selection.go(-1)
            self.filters.ask(title, paths=paths, keys=keys)
            self.gallery.to_top()
            self.gallery.setFocus()

    def _wished(self) -> None:
        if not self.filters.shows_asked:
            self._asked_badges = {}
        self.sort_again()

    def sort_again(self) -> None:
        """Show what fits the filters now, sorted anew."""
        self._keep = False
        if self._catalog is not None:
            table = self._table_of(self._catalog)
            self.feed.ask(self._catalog, table, self._session.edits.edited, self.filters.wish)

    @property
    def shows_asked(self) -> bool:
        """Whether the images shown are those that were asked for."""
        return self.filters.shows_asked

    def _say(self) -> None:
        total = len(self._catalog.images) if self._catalog else 0
        chosen, rows = self.model.selection.count, self.model.rowCount()
        more = inspect.chosen(chosen) if chosen else inspect.KEYS if rows else ""
        self.words.setText(" · ".join(filter(None, (inspect.shown(rows, total), more))))
        self.gallery.say("" if rows else inspect.WITHOUT if self.filters.wish.filters else inspect.NO_IMAGE)
        self.actions_row.show_chosen(chosen)

    def _do(self, name: str) -> None:
        if name == "find":
            self.filters.search.setFocus()
            self.filters.search.selectAll()
        elif name == "again":
            self.sort_again()
        elif name == "larger":
            self.larger_asked.emit()

    # ---- the row in hand

    @property
    def row(self) -> int:
        return self.gallery.current

    def image(self, row: int) -> ImageRecord | None:
        return self.model.image(row) if 0 <= row < self.model.rowCount() else None

    def words_of(self, row: int) -> tuple[str, str]:
        """Return the place of a row among those shown, and its badge."""
        return inspect.place(row, self.model.rowCount()), self.model.badges(row)

    def go_to(self, row: int) -> None:
        self.gallery.go_to(min(max(row, 0), self.model.rowCount() - 1))

    def leave_out(self, images: list[ImageRecord]) -> None:
        """Leave images out, or take them in again where all are out."""
        self.actions_row.leave_out(images)

    def relabel(self, images: list[ImageRecord], spot: QPoint) -> None:
        """Ask for another label of images, in a menu."""
        self.actions_row.relabel(images, spot)

    def move_to(self, images: list[ImageRecord], spot: QPoint) -> None:
        """Ask for another part of images, in a menu."""
        self.actions_row.ask_part(images, spot)

    def close_down(self) -> None:
        """End the making of pictures."""
        self.feed.close()
        self.thumbnails.close()
