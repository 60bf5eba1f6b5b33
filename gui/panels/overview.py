"""Classes by part, what was found, and the gallery: the first tab of the inspect step."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from counterpoise.core.catalog.types import Catalog
from counterpoise.gui.counts import hills_of, knows_patients, legend, of_table, patient_sums, sums_of
from counterpoise.gui.gallery_table import ImageTable
from counterpoise.gui.session import Session
from counterpoise.gui.texts import gallery as gallery_texts
from counterpoise.gui.texts import inspect as texts
from counterpoise.gui.theme import px
from counterpoise.gui.widgets.brightness_strips import BrightnessStrips
from counterpoise.gui.widgets.cards import Card
from counterpoise.gui.widgets.choices import Chips
from counterpoise.gui.widgets.class_bars import ClassBars, Legend
from counterpoise.gui.widgets.findings_list import FindingsList
from counterpoise.gui.widgets.gallery_card import GalleryCard
from counterpoise.gui.widgets.scrolling import scrolling


class Overview(QWidget):
    """Follows the session's catalog by way of the gallery's table."""

    shown_anew = Signal()
    """Bars, findings and gallery speak of another catalog now."""
    pictures_asked = Signal()
    """More pictures of the data are wished for."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        self.classes = Card(texts.PER_CLASS)
        self.bars, self.legend = ClassBars(), Legend()
        self.unit = Chips([("image", texts.BY_IMAGE), ("patient", texts.BY_PATIENT)])
        self.unit.set_chosen("image")
        self.unit.hide()
        self.unit.chosen.connect(lambda _: self._show_bars())
        self.unit.keep_in_one_row()
        self.classes.head.addWidget(self.unit)
        self.bars_area = scrolling(self.bars)
        self.hills = BrightnessStrips()
        self.hills.clicked.connect(self.pictures_asked)
        self.classes.body.addWidget(self.bars_area, 100)
        self.classes.body.addWidget(self.legend)
        self.classes.body.addWidget(self.hills, 1)  # what the bars leave
        self.bars.chosen.connect(self._show_bar)
        self.found = Card(texts.FOUND)
        self.findings = FindingsList(pairs=True, lists_files=True)
        self.findings.fix_asked.connect(session.apply_fix)
        self.found.body.addWidget(self.findings, 1)
        self.top = QWidget()
        top = QHBoxLayout(self.top)
        top.setContentsMargins(0, 0, 0, 0)
        top.setSpacing(16)
        top.addWidget(self.classes, 11)
        top.addWidget(self.found, 14)
        self.top.setMaximumHeight(px(360))  # on a large screen the gallery gains most
        column.addWidget(self.top, 5)
        self.gallery = GalleryCard(session)
        self.gallery.tabled.connect(self._show_table)
        self.gallery.larger_asked.connect(self._toggle_larger)
        column.addWidget(self.gallery, 7)

    def show_catalog(self, catalog: Catalog | None) -> None:
        """Show a catalog; for many images the counts follow a moment later."""
        self.gallery.show_catalog(catalog)

    def _show_table(self) -> None:
        catalog, table = self._session.catalog, self.gallery.table
        if catalog is None or table is None:
            return
        self.unit.setVisible(knows_patients(table))
        if not knows_patients(table):
            self.unit.set_chosen("image")
        self._show_bars()
        well = ("", "") if catalog.unread else _all_well(catalog, table)
        self.findings.show_findings(catalog.findings, well, catalog.has)
        self.found.set_title(texts.FOUND, texts.NOT_YET if catalog.unread else str(len(catalog.findings)))

    def _show_bars(self) -> None:
        table = self.gallery.table
        if table is not None:
            patients = self.unit.current == "patient"
            counts = of_table(table, patients=patients)
            sums = patient_sums(table) if patients else sums_of(counts)
            self.bars.show_counts(counts, sums)
            least, most = self.bars.heights
            self.bars_area.setMinimumHeight(least)
            self.bars_area.setMaximumHeight(most)
            self.hills.show_hills(hills_of(table))
            entries, ratio = legend(sums)
            self.legend.show_entries(entries, texts.in_several_classes(sums.shared) if sums.shared else "")
            self.classes.set_title(texts.PATIENTS_PER_CLASS if patients else texts.PER_CLASS, ratio)

    def _show_bar(self, name: str, part: str) -> None:
        """A bar was clicked: show its images."""
        self.gallery.filters.only({"class": name, "part": gallery_texts.PARTS[part]})

    def _toggle_larger(self) -> None:
        self.set_larger(self.top.isVisible())

    def set_larger(self, larger: bool) -> None:
        """Give the gallery the whole page, or its share."""
        self.top.setVisible(not larger)
        self.gallery.larger_button.setText(gallery_texts.SMALLER if larger else gallery_texts.LARGER)
        self.gallery.gallery.setFocus()

    def close_down(self) -> None:
        self.gallery.close_down()


def _all_well(catalog: Catalog, table: ImageTable) -> tuple[str, str]:
    def one(facet: str) -> bool:
        codes = table.facets[facet].codes
        return bool(len(codes)) and bool((codes == codes[0]).all())

    damaged = any(skip.code != "unsupported-file" for skip in catalog.skipped)
    return texts.all_well(damaged, one("size"), one("depth")), texts.read(len(catalog.images))
