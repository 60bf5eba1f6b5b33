"""The second step: classes by part, what was found in the images, and the images themselves."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from counterpoise.core.findings import Severity
from counterpoise.gui.counts import by_part, legend
from counterpoise.gui.steps.base import State, Step
from counterpoise.gui.texts import inspect as texts
from counterpoise.gui.theme import px
from counterpoise.gui.widgets.cards import Card
from counterpoise.gui.widgets.class_bars import ClassBars, Legend
from counterpoise.gui.widgets.findings_list import FindingsList
from counterpoise.gui.widgets.gallery_card import GalleryCard
from counterpoise.gui.widgets.labels import button, label
from counterpoise.gui.widgets.scrolling import scrolling
from counterpoise.gui.widgets.viewer import Viewer


class InspectStep(Step):
    """An overview, and the large view that takes its place while an image is looked at."""

    name = "inspect"
    title = texts.TITLE
    subtitle = texts.SUBTITLE

    def build(self) -> None:
        session = self.session
        self.undo_button = button(texts.UNDO, on_click=session.edits.undo)
        self._asked_from = ""
        self.way_back = button("", on_click=self._go_back)
        self.way_back.hide()
        self.views = QStackedWidget()
        self.body.addWidget(self.views, 1)
        self.nothing = label(texts.NO_CATALOG, "muted", wrap=True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.views.addWidget(self.nothing)
        self.views.addWidget(self._overview())
        self.viewer = Viewer()
        self.views.addWidget(self.viewer)
        self.viewer.closed.connect(self._close_viewer)
        self.viewer.moved.connect(self._move)
        self.viewer.leave_out_asked.connect(self.gallery.leave_out)
        self.viewer.relabel_asked.connect(self.gallery.relabel)
        self.gallery.look_asked.connect(self._look)
        self.gallery.filtered.connect(self._show_way_back)
        session.catalog_changed.connect(self._show)
        session.images_asked.connect(self._images_asked)
        session.edits.changed.connect(self._show_undo)
        undo = QShortcut(QKeySequence(QKeySequence.StandardKey.Undo), self)
        undo.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        undo.activated.connect(session.edits.undo)
        self._show()
        self._show_undo()

    def shown(self) -> None:
        if self.session.catalog is not None:
            self.gallery.gallery.setFocus(Qt.FocusReason.OtherFocusReason)

    def _overview(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        top = QHBoxLayout()
        top.setSpacing(16)
        self.classes = Card(texts.PER_CLASS)
        self.bars, self.legend = ClassBars(), Legend()
        self.classes.body.addWidget(scrolling(self.bars), 1)
        self.classes.body.addWidget(self.legend)
        self.found = Card(texts.FOUND)
        self.findings = FindingsList()
        self.findings.fix_asked.connect(self.session.apply_fix)
        self.findings.show_asked.connect(self._show_finding)
        self.found.body.addWidget(self.findings, 1)
        top.addWidget(self.classes, 12)
        top.addWidget(self.found, 13)
        for card in (self.classes, self.found):
            card.setMaximumHeight(px(360))  # on a large screen the gallery gains most
        column.addLayout(top, 5)
        self.gallery = GalleryCard(self.session)
        column.addWidget(self.gallery, 7)
        return page

    # ---- what is shown

    def _show(self) -> None:
        catalog = self.session.catalog
        if catalog is None:
            self.views.setCurrentIndex(0)
            self.gallery.show_catalog(None)
        else:
            if self.views.currentWidget() is self.nothing:
                self.views.setCurrentIndex(1)
            self.bars.show_counts(by_part(catalog))
            entries, ratio = legend(by_part(catalog))
            self.legend.show_entries(entries)
            self.classes.set_title(texts.PER_CLASS, ratio)
            paths = {image.path for image in catalog.images}
            self.findings.show_findings(catalog.findings, self._all_well(), paths)
            self.found.set_title(texts.FOUND, texts.NOT_YET if catalog.unread else str(len(catalog.findings)))
            self.gallery.show_catalog(catalog)
            if self.views.currentWidget() is self.viewer:
                self._look(self.gallery.row)
        self.state_changed.emit()

    def _all_well(self) -> tuple[str, str]:
        catalog = self.session.catalog
        assert catalog is not None
        if catalog.unread:
            return "", ""
        sizes = len({(image.width, image.height) for image in catalog.images})
        depths = len({image.bits for image in catalog.images})
        damaged = any(skip.code != "unsupported-file" for skip in catalog.skipped)
        return texts.all_well(damaged, sizes, depths), texts.read(len(catalog.images))

    def _show_finding(self, finding: object) -> None:
        paths = getattr(finding, "paths", ())
        self._asked_from = ""
        self.gallery.show_paths(tuple(paths), getattr(finding, "title", ""))

    def _images_asked(self, paths: tuple[str, ...]) -> None:
        self._close_viewer()
        self.gallery.show_paths(paths, "")

    def offer_way_back(self, name: str) -> None:
        """Offer to go back to the step that asked for images, for as long as these alone are shown."""
        if name in texts.BACK_TO:
            self._asked_from = name
            self.way_back.setText(texts.BACK_TO[name])
            self.way_back.show()

    def _show_way_back(self) -> None:
        if not self.gallery.shows_asked:
            self._asked_from = ""
        self.way_back.setVisible(bool(self._asked_from))

    def _go_back(self) -> None:
        self.wants_step.emit(self._asked_from)

    # ---- the large view

    def _look(self, row: int) -> None:
        image = self.gallery.image(row)
        if image is None or self.session.catalog is None:
            self._close_viewer()
            return
        place, badge = self.gallery.words_of(row)
        self.viewer.show_image(image, self.session.catalog.sources, place, badge)
        self.views.setCurrentWidget(self.viewer)
        self.viewer.setFocus(Qt.FocusReason.OtherFocusReason)

    def _move(self, step: int) -> None:
        self.gallery.go_to(self.gallery.row + step)
        self._look(self.gallery.row)

    def _close_viewer(self) -> None:
        if self.views.currentWidget() is self.viewer:
            self.views.setCurrentIndex(1)
            self.gallery.gallery.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_undo(self) -> None:
        edits = self.session.edits
        self.undo_button.setVisible(edits.can_undo)  # a grey one would contradict the Undo of a fix
        self.undo_button.setText(texts.undo(edits.last))

    # ---- what the window asks

    @property
    def state(self) -> State:
        catalog = self.session.catalog
        if catalog is None or catalog.unread:
            return State.TODO
        return State.ATTENTION if self._blockers_and_warnings() else State.DONE

    def _blockers_and_warnings(self) -> int:
        catalog = self.session.catalog
        return sum(f.severity != Severity.INFO for f in catalog.findings) if catalog else 0

    @property
    def next_label(self) -> str:
        return texts.NEXT

    @property
    def next_enabled(self) -> bool:
        return self.session.catalog is not None

    @property
    def next_hint(self) -> str:
        count = self._blockers_and_warnings()
        return texts.to_look_at(count) if count else ""

    def go_next(self) -> None:
        self.wants_step.emit("balance")

    def extra_buttons(self) -> list[QPushButton]:
        return [self.way_back, self.undo_button]

    def close_down(self) -> None:
        self.gallery.close_down()
