"""The gallery with its filters and what can be done with the images chosen."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from counterpoise.core.catalog.types import PARTS, Catalog, ImageRecord
from counterpoise.gui.gallery_filter import Filter, badges, chosen
from counterpoise.gui.session import Session
from counterpoise.gui.texts import inspect as texts
from counterpoise.gui.theme import px
from counterpoise.gui.thumbnails import Thumbnails
from counterpoise.gui.widgets.cards import Card
from counterpoise.gui.widgets.filter_chip import FilterChip
from counterpoise.gui.widgets.gallery import BADGE, Gallery, GalleryModel
from counterpoise.gui.widgets.labels import ElidedLabel, button, label

ASKED = "asked"


class GalleryCard(Card):
    """Filters by class, part and finding; relabels and leaves out through the session's edits."""

    look_asked = Signal(int)
    filtered = Signal()
    """The filters show something else now."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(texts.GALLERY, parent=parent)
        self._session = session
        self._catalog: Catalog | None = None
        self._asked: tuple[tuple[str, ...], str] = ((), "")
        self.thumbnails = Thumbnails(self)
        self.model = GalleryModel(self.thumbnails, self)
        self.gallery = Gallery(self.model)
        self.gallery.setMinimumHeight(px(200))
        self.empty = label(texts.WITHOUT, "muted", wrap=True)
        self.by_class, self.by_part = FilterChip(texts.ALL_CLASSES), FilterChip(texts.ALL_PARTS)
        self.by_finding = FilterChip(texts.ANY_FINDING)
        self.words = ElidedLabel("small")
        self.words.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.relabel_button = button(texts.RELABEL, "small", self.relabel)
        self.out_button = button(texts.LEAVE_OUT, "small", self.leave_out)
        self._lay_out()
        for chip in (self.by_class, self.by_part, self.by_finding):
            chip.chosen.connect(self._filter)
        self.gallery.look_asked.connect(self.look_asked)
        self.gallery.leave_out_asked.connect(self.leave_out)
        self.gallery.relabel_asked.connect(self.relabel)
        self.gallery.selection_grew.connect(self._say)

    def _lay_out(self) -> None:
        stretch = self.head.takeAt(self.head.count() - 1)
        del stretch
        self.head.addSpacing(6)
        for chip in (self.by_class, self.by_part, self.by_finding):
            self.head.addWidget(chip)
        self.head.addWidget(self.words, 1)
        self.head.addWidget(self.relabel_button)
        self.head.addWidget(self.out_button)
        self.body.addWidget(self.empty)
        self.body.addWidget(self.gallery, 1)

    # ---- what is shown

    def show_catalog(self, catalog: Catalog | None) -> None:
        """Show the images of a catalog through the filters in force."""
        self._catalog = catalog
        self.thumbnails.set_sources(catalog.sources if catalog else None)
        if catalog is None:
            self._asked = ((), "")
            self.model.show((), (), {})
            return
        self.by_class.set_options([(None, texts.ALL_CLASSES), *((name, name) for name in catalog.labels)])
        parts = [(part, texts.PART_LEGEND[part].split(" (")[0].capitalize()) for part in (*PARTS, "")]
        self.by_part.set_options([(None, texts.ALL_PARTS), *parts])
        self._offer_findings(catalog)
        self._filter()

    def _offer_findings(self, catalog: Catalog) -> None:
        found = [(f"{i} {f.code}", f.title) for i, f in enumerate(catalog.findings) if f.paths]
        asked = [(ASKED, self._asked[1] or texts.asked(len(self._asked[0])))] if self._asked[0] else []
        self.by_finding.set_options([(None, texts.ALL_IMAGES), *found, *asked])

    def show_paths(self, paths: tuple[str, ...], title: str) -> None:
        """Show these images alone, under a title."""
        if self._catalog is None:
            return
        self._asked = (paths, title)
        self._offer_findings(self._catalog)
        self.by_class.set_key(None)
        self.by_part.set_key(None)
        self.by_finding.set_key(ASKED)
        self._filter()
        self.go_to(0)
        self.gallery.setFocus()

    def _filter(self) -> None:
        catalog = self._catalog
        if catalog is None:
            return
        label_key, part_key = self.by_class.key, self.by_part.key
        what = Filter(
            None if label_key is None else str(label_key),
            None if part_key is None else str(part_key),
            self._paths(catalog),
        )
        self.model.show(catalog.images, chosen(catalog, what), badges(catalog))
        shown = self.model.rowCount()
        self.empty.setVisible(shown == 0)
        self.gallery.setVisible(shown > 0)
        self._say(len(self.gallery.selectionModel().selectedIndexes()))
        self.filtered.emit()

    @property
    def shows_asked(self) -> bool:
        """Whether the images shown are those that were asked for."""
        return bool(self._asked[0]) and self.by_finding.key == ASKED

    def _paths(self, catalog: Catalog) -> frozenset[str] | None:
        key = self.by_finding.key
        if key is None:
            return None
        if key == ASKED:
            return frozenset(self._asked[0])
        return frozenset(catalog.findings[int(str(key).split()[0])].paths)

    def _say(self, selected: int) -> None:
        total = len(self._catalog.images) if self._catalog else 0
        shown = texts.shown(self.model.rowCount(), total)
        self.words.setText(f"{shown} · {texts.chosen(selected) if selected else texts.KEYS}")
        for made in (self.relabel_button, self.out_button):
            made.setVisible(selected > 0)

    # ---- the row in hand

    @property
    def row(self) -> int:
        return self.gallery.currentIndex().row()

    def image(self, row: int) -> ImageRecord | None:
        return self.model.image(row) if 0 <= row < self.model.rowCount() else None

    def words_of(self, row: int) -> tuple[str, str]:
        """Return the place of a row among those shown, and its badge."""
        return texts.place(row, self.model.rowCount()), str(self.model.index(row).data(BADGE) or "")

    def go_to(self, row: int) -> None:
        self.gallery.go_to(min(max(row, 0), self.model.rowCount() - 1))

    # ---- edits

    def leave_out(self) -> None:
        """Leave the chosen images out, or take them in again where all are out."""
        images = self.gallery.chosen()
        if images and all(not image.part for image in images):
            self._session.edits.restore(images)
        else:
            self._session.edits.leave_out([image for image in images if image.part])

    def relabel(self) -> None:
        """Ask for another label of the chosen images, in a menu."""
        images = self.gallery.chosen()
        if not images or self._catalog is None:
            return
        menu = QMenu(self)
        for name in self._catalog.labels:
            action = menu.addAction(name)
            action.setEnabled(any(image.label != name for image in images))
            action.triggered.connect(
                lambda _=False, name=name: self._session.edits.relabel(
                    [image for image in images if image.label != name], name
                )
            )
        menu.popup(
            self.gallery.viewport().mapToGlobal(self.gallery.visualRect(self.gallery.currentIndex()).center())
        )

    def close_down(self) -> None:
        """End the making of pictures."""
        self.thumbnails.close()
