"""Pictures of the data, so that a shortcut is seen before it is computed."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from counterpoise.core.catalog.distributions.facts import DataFacts
from counterpoise.core.catalog.distributions.kinds import Kind
from counterpoise.core.catalog.distributions.sizes import SizePoint
from counterpoise.core.catalog.types import ImageRecord
from counterpoise.gui.data_pictures import DataPictures
from counterpoise.gui.panels.distributions_cards import AverageCard, BrightnessCard, KindsCard, SizesCard
from counterpoise.gui.session import Session
from counterpoise.gui.texts import distributions as texts
from counterpoise.gui.widgets.cards import Card
from counterpoise.gui.widgets.labels import button, label
from counterpoise.gui.widgets.progress import Progress
from counterpoise.gui.widgets.scrolling import scrolling


class DistributionsPanel(QWidget):
    """Brightness, sizes, mean image and kinds of file of each class; a click shows the images."""

    keys_asked = Signal(tuple, str)
    """Images (path, frame) to be shown in the gallery, in this order, and a title."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.data = DataPictures(session, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self._head())
        self.below = self._pictures()
        column.addWidget(self.below, 1000)
        column.addStretch(1)
        self.data.changed.connect(self.refresh)
        self.data.progressed.connect(self._progressed)
        self.data.report_written.connect(self._report_written)
        session.catalog_changed.connect(self._catalog_changed)
        self.refresh()

    def _head(self) -> Card:
        head = Card()
        row = QHBoxLayout()
        row.setSpacing(12)
        self.said = label("", wrap=True)
        self.start = button(texts.MAKE, "small", self._start_or_cancel)
        self.show_report = button(texts.SHOW, "small", self._show_report)
        self.show_report.hide()
        self.save = button(texts.SAVE, "small", self._save)
        row.addWidget(self.said, 1, Qt.AlignmentFlag.AlignVCenter)
        for made in (self.start, self.show_report, self.save):
            row.addWidget(made, 0, Qt.AlignmentFlag.AlignVCenter)
        head.body.addLayout(row)
        self.progress = Progress()
        head.body.addWidget(self.progress)
        head.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        return head

    def _pictures(self) -> QWidget:
        self.brightness, self.sizes = BrightnessCard(), SizesCard()
        self.average, self.kinds = AverageCard(), KindsCard()
        self.brightness.rows.class_asked.connect(self._show_class)
        self.brightness.rows.value_asked.connect(self._show_value)
        self.sizes.scatter.point_asked.connect(self._show_point)
        self.average.class_asked.connect(self._show_class)
        self.kinds.kind_asked.connect(self._show_kind)
        inner = QWidget()
        row = QHBoxLayout(inner)
        row.setContentsMargins(0, 0, 6, 0)
        row.setSpacing(14)
        for pair in ((self.brightness, self.sizes), (self.average, self.kinds)):
            half = QWidget()
            column = QVBoxLayout(half)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(14)
            for card in pair:
                card.paths_asked.connect(self._show_paths)
                column.addWidget(card)
            column.addStretch(1)
            row.addWidget(half, 1)
        return scrolling(inner)

    # ---- what is shown

    def shown(self) -> None:
        """The tab comes to the front."""
        self.data.refresh()
        self.start.setFocus() if self.data.running else self.brightness.rows.setFocus()

    def _catalog_changed(self) -> None:
        if self.isVisible():
            self.data.refresh()
        self.refresh()

    def refresh(self) -> None:
        """Show what there is now."""
        data, facts, made = self.data, self.data.facts, self.data.last
        self.progress.setVisible(data.running)
        self.progress.set_share(0)
        self._say()
        wanted = facts is not None and bool(facts.request.images)
        self.start.setText(texts.CANCEL if data.running else texts.MAKE)
        self.start.setVisible(wanted and (data.running or not data.fresh))
        self.save.setEnabled(data.fresh and not data.saving)
        self.save.setToolTip(texts.SAVE_HELP if data.fresh else texts.SAVE_WAITS)
        self.below.setVisible(wanted)
        if facts is None:
            self.show_report.hide()  # it tells of another study
            return
        self.sizes.show_facts(facts)
        self.kinds.show_facts(facts)
        self.brightness.show_pictures(facts, made)
        self.average.show_pictures(facts, made)

    def _say(self) -> None:
        data, facts, catalog = self.data, self.data.facts, self._session.catalog
        if data.saving:
            self.said.setText(texts.SAVING)
        elif data.note:
            self.said.setText(data.note)
        elif catalog is None or catalog.unread:
            self.said.setText(texts.WAIT)
        elif facts is None:
            self.said.setText(texts.GATHERING)
        elif not facts.request.images:
            self.said.setText(texts.NOTHING)
        elif data.running:
            self.said.setText(texts.looking(0, len(facts.request.images)))
        else:
            self.said.setText(self._made_from(facts))

    def _made_from(self, facts: DataFacts) -> str:
        made = self.data.last
        return texts.made_from(len(facts.request.images), len(facts.images), made.unread if made else 0)

    def _progressed(self, done: int, total: int) -> None:
        self.said.setText(texts.looking(done, total))
        self.progress.set_share(done / max(total, 1))

    def _start_or_cancel(self) -> None:
        if self.data.running:
            self.data.cancel()
        else:
            self.data.make()

    # ---- images in the gallery

    def _images(self) -> tuple[ImageRecord, ...]:
        return self.data.facts.images if self.data.facts is not None else ()

    def _label(self, number: int) -> str:
        return self.data.facts.labels[number] if self.data.facts is not None else ""

    def _ask(self, images: Iterable[ImageRecord], title: str) -> None:
        keys = tuple((image.path, image.frame) for image in images)
        if keys:
            self.keys_asked.emit(keys, title)

    def _by_brightness(self, number: int) -> list[ImageRecord]:
        facts = self.data.facts
        own = [image for image in self._images() if image.label == self._label(number)]
        return sorted(own, key=facts.mean_of) if facts is not None else []

    def _show_class(self, number: int) -> None:
        self._ask(self._by_brightness(number), texts.dark_to_bright(self._label(number)))

    def _show_value(self, number: int, low: float, high: float) -> None:
        facts = self.data.facts
        if facts is not None:
            found = [image for image in self._by_brightness(number) if low <= facts.mean_of(image) <= high]
            self._ask(found, texts.as_bright(self._label(number), (low + high) / 2))

    def _show_point(self, point: SizePoint) -> None:
        if self.data.facts is not None:
            sizes = self.data.facts.sizes
            found = [image for image in self._images() if sizes.holds(point, image)]
            self._ask(found, texts.of_size(point.label, point.width, point.height, sizes.step))

    def _show_kind(self, kind: Kind, number: int) -> None:
        label_ = self._label(number)
        found = [image for image in self._images() if image.label == label_ and kind.holds(image)]
        self._ask(found, texts.of_kind(label_, kind.words))

    def _show_paths(self, paths: tuple[str, ...], title: str) -> None:
        wanted = set(paths)
        catalog = self._session.catalog
        self._ask([i for i in catalog.images if i.path in wanted] if catalog else (), title)

    # ---- the report

    def _save(self) -> None:
        study = self._session.study
        start = str(study.root / texts.REPORT_NAME) if study is not None else texts.REPORT_NAME
        name, _ = QFileDialog.getSaveFileName(self, texts.SAVE, start, "HTML (*.html)")
        if name:
            self.data.save_report(Path(name))

    def _report_written(self, out: str) -> None:
        self.said.setText(texts.saved(Path(out).name))
        self.show_report.setProperty("file", out)
        self.show_report.show()

    def _show_report(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.show_report.property("file"))))

    def close_down(self) -> None:
        """End what runs."""
        self.data.close()
