"""The second step: the data in several views, each in a tab, and single images seen large."""

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout

from counterpoise.core.catalog.types import ImageRecord, Key
from counterpoise.core.findings import Finding, Severity
from counterpoise.gui.pairing import Pair, pairs_of
from counterpoise.gui.panels.overview import Overview
from counterpoise.gui.steps.base import State, Step
from counterpoise.gui.texts import inspect as texts
from counterpoise.gui.widgets.choices import Chips
from counterpoise.gui.widgets.file_list import FileList
from counterpoise.gui.widgets.labels import button, label
from counterpoise.gui.widgets.pair_view import PairView
from counterpoise.gui.widgets.viewer import Viewer

OVERVIEW = "overview"
PANELS = {
    "pictures": (texts.PICTURES, "distributions", "DistributionsPanel"),
    "patients": (texts.PATIENTS, "patients", "PatientsPanel"),
    "second_look": (texts.SECOND_LOOK, "second_look", "SecondLookPanel"),
}
"""Tabs beside the overview: title, module, class. They are built when they are first opened."""


class InspectStep(Step):
    """An overview and further tabs; a large view takes their place while an image is looked at."""

    name = "inspect"
    title = texts.TITLE
    subtitle = texts.SUBTITLE

    def build(self) -> None:
        session = self.session
        self.undo_button = button(texts.UNDO, on_click=session.edits.undo)
        self.redo_button = button(texts.REDO, on_click=session.edits.redo)
        self._asked_from = ""
        self._large_from = ""
        """The tab that asked for what is seen large; empty: the overview."""
        self.way_back = button("", on_click=self._go_back)
        self.way_back.hide()
        self.panels: dict[str, Any] = {}
        self.views = QStackedWidget()
        self.body.addWidget(self.views, 1)
        self.nothing = label(texts.NO_CATALOG, "muted", wrap=True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.overview = Overview(session)
        self.viewer, self.files = Viewer(), FileList()
        for view in (self.nothing, self.overview, self.viewer, self.files):
            self.views.addWidget(view)
        self.pairs: PairView | None = None
        self._build_tabs()
        self.viewer.set_session(session)
        self.gallery = self.overview.gallery
        self.findings, self.bars = self.overview.findings, self.overview.bars
        self.viewer.closed.connect(self._leave_large)
        self.viewer.moved.connect(self._move)
        self.viewer.frame_chosen.connect(self._frame_chosen)
        self.viewer.leave_out_asked.connect(lambda: self.gallery.leave_out(self._looked_at()))
        self.viewer.relabel_asked.connect(lambda spot: self.gallery.relabel(self._looked_at(), spot))
        self.viewer.move_asked.connect(lambda spot: self.gallery.move_to(self._looked_at(), spot))
        self.gallery.actions_row.question_asked.connect(self._back_to_overview)
        self.files.closed.connect(self._back_to_overview)
        self.gallery.look_asked.connect(self._look)
        self.gallery.filtered.connect(self._show_way_back)
        self.overview.pictures_asked.connect(lambda: self.show_tab("pictures"))
        self.findings.show_asked.connect(self._show_finding)
        self.findings.pairs_asked.connect(self._show_pairs)
        self.findings.files_asked.connect(self._show_files)
        session.catalog_changed.connect(self._show)
        session.images_asked.connect(self.show_images)
        session.edits.changed.connect(self._show_undo)
        self._shortcuts()
        self._show()
        self._show_undo()

    def _build_tabs(self) -> None:
        """Put the tabs beside title and subtitle, where they take no height from the images."""
        self.tabs = Chips([(OVERVIEW, texts.OVERVIEW), *((name, panel[0]) for name, panel in PANELS.items())])
        self.tabs.set_chosen(OVERVIEW)
        self.tabs.chosen.connect(self.show_tab)
        self.tabs.keep_in_one_row()
        inner = self.widget()
        page = inner.layout() if inner is not None else None
        assert isinstance(page, QVBoxLayout)
        head = page.takeAt(0)
        assert head is not None
        row = QHBoxLayout()
        page.insertLayout(0, row)
        row.addLayout(head, 1)  # type: ignore[arg-type]  # the layout item is the head's own layout
        row.addWidget(self.tabs, 0, Qt.AlignmentFlag.AlignBottom)

    def _shortcuts(self) -> None:
        edits = self.session.edits
        acts: tuple[tuple[str, Callable[[], None]], ...] = (
            ("Ctrl+Z", self.session.undo),
            ("Ctrl+Shift+Z", edits.redo),
            ("Ctrl+Y", edits.redo),
        )
        for keys, act in acts:
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def shown(self) -> None:
        view = self.views.currentWidget()
        if view is self.overview:
            self.gallery.gallery.setFocus(Qt.FocusReason.OtherFocusReason)
        elif view in self.panels.values():
            self.panels[self.tabs.current].shown()

    # ---- tabs

    def show_tab(self, name: str) -> None:
        """Show a tab: ``overview``, or one of ``PANELS``."""
        self.tabs.set_chosen(name)
        if name == self._asked_from:
            self._asked_from = ""
            self.way_back.hide()
        if self.session.catalog is None:
            self.views.setCurrentWidget(self.nothing)
        elif name == OVERVIEW:
            self._back_to_overview()
        else:
            panel = self._panel(name)
            self.views.setCurrentWidget(panel)
            panel.shown()

    def _panel(self, name: str) -> Any:
        if name not in self.panels:
            _, module, kind = PANELS[name]
            made = getattr(import_module(f"counterpoise.gui.panels.{module}"), kind)(self.session)
            made.keys_asked.connect(
                lambda keys, title, badges=None: self._keys_asked(name, keys, title, badges)
            )
            if name == "second_look":
                made.look_asked.connect(lambda image, place, said: self._look_at(image, place, said, name))
                made.pairs_asked.connect(lambda pairs, title, at: self._show_these(pairs, title, at, name))
            self.views.addWidget(made)
            self.panels[name] = made
        return self.panels[name]

    def _keys_asked(
        self, name: str, keys: tuple[Key, ...], title: str, badges: Mapping[str, str] | None
    ) -> None:
        self._back_to_overview()
        self.gallery.show_keys(keys, title, badges)
        self.offer_way_back(name)

    # ---- what is shown

    def _show(self) -> None:
        catalog = self.session.catalog
        if catalog is None:
            self.views.setCurrentWidget(self.nothing)
            self.tabs.set_chosen(OVERVIEW)
        elif self.views.currentWidget() is self.nothing:
            self.views.setCurrentWidget(self.overview)
        self.overview.show_catalog(catalog)
        if self.views.currentWidget() is self.viewer:
            self._look_again()
        self.state_changed.emit()

    def _show_finding(self, finding: Finding) -> None:
        self._asked_from = ""
        self.gallery.show_paths(finding.paths, finding.title)

    def _show_files(self, finding: Finding) -> None:
        catalog = self.session.catalog
        reasons = {entry.path: entry.reason for entry in catalog.skipped} if catalog else {}
        rows = [(path, reasons.get(path, texts.NOT_IN_DATA)) for path in finding.paths]
        self.files.show_files(rows, finding.title)
        self.views.setCurrentWidget(self.files)
        self.files.setFocus()

    def show_images(self, paths: tuple[str, ...]) -> None:
        self._back_to_overview()
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
        if self._asked_from in PANELS:
            self.show_tab(self._asked_from)
        else:
            self.wants_step.emit(self._asked_from)

    # ---- the large view

    def _look(self, row: int) -> None:
        image = self.gallery.image(row)
        if image is None or self.session.catalog is None:
            self._back_to_overview()
            return
        self._look_at(image, *self.gallery.words_of(row), "")

    def _look_at(self, image: ImageRecord, place: str, badge: str, asked_from: str) -> None:
        if self.session.catalog is None:
            return
        self._large_from, self._said = asked_from, (place, badge)
        self.viewer.show_image(image, self.session.catalog.sources, place, badge)
        self.viewer.bar.back.setText(texts.BACK_TO.get(asked_from, texts.BACK_TO_GALLERY))
        self.views.setCurrentWidget(self.viewer)
        self.viewer.setFocus(Qt.FocusReason.OtherFocusReason)

    def _leave_large(self) -> None:
        """Go back to where an image or a pair was asked for."""
        self.show_tab(self._large_from or OVERVIEW)

    def _looked_at(self) -> list[ImageRecord]:
        """Return the image in the large view, as the catalog knows it now."""
        image, catalog = self.viewer.image, self.session.catalog
        return [] if image is None or catalog is None else catalog.named((image.path, image.frame))

    def _look_again(self) -> None:
        """Label, part or badge of the image in the large view may be others now."""
        images, catalog = self._looked_at(), self.session.catalog
        if images and catalog is not None:
            row = self.gallery.model.row_of((images[0].path, images[0].frame))
            place, badge = self._said
            if not self._large_from:
                place, badge = self.gallery.words_of(row) if row >= 0 else ("", "")
            self.viewer.show_image(images[0], catalog.sources, place, badge)
        else:
            self._back_to_overview()

    def _frame_chosen(self, image: ImageRecord) -> None:
        """Another frame of the file is seen: the gallery goes along where it shows it."""
        row = self.gallery.model.row_of((image.path, image.frame))
        if row >= 0:
            self.gallery.go_to(row)
        self._look_again()

    def _move(self, step: int) -> None:
        if self._large_from:
            self.panels[self._large_from].look_further(step)
            return
        self.gallery.go_to(self.gallery.row + step)
        self._look(self.gallery.row)

    def _back_to_overview(self) -> None:
        if self.session.catalog is not None and self.views.currentWidget() is not self.overview:
            self.tabs.set_chosen(OVERVIEW)
            self.views.setCurrentWidget(self.overview)
            self.gallery.gallery.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_pairs(self, finding: Finding) -> None:
        """Show the pairs that a finding names side by side."""
        catalog = self.session.catalog
        if catalog is not None:
            self._show_these(pairs_of(finding, catalog), finding.title, 0, "")

    def _show_these(self, pairs: Sequence[Pair], title: str, at: int, asked_from: str) -> None:
        catalog = self.session.catalog
        if catalog is None or not pairs:
            return
        if self.pairs is None:
            self.pairs = PairView()
            self.pairs.set_session(self.session)
            self.pairs.closed.connect(self._leave_large)
            self.pairs.leave_out_asked.connect(lambda image: self.session.edits.leave_out([image]))
            self.pairs.restore_asked.connect(lambda image: self.session.edits.restore([image]))
            self.views.addWidget(self.pairs)
        self._large_from = asked_from
        self.pairs.show_pairs(pairs, catalog.sources, title)
        self.pairs.back.setText(texts.BACK_TO.get(asked_from, texts.FILES_BACK))
        self.pairs.go_to(at)
        self.views.setCurrentWidget(self.pairs)
        self.pairs.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_undo(self) -> None:
        edits = self.session.edits
        self.undo_button.setVisible(edits.can_undo)  # a grey one would contradict the Undo of a fix
        self.undo_button.setText(texts.undo(edits.last))
        self.redo_button.setVisible(edits.can_redo)
        self.redo_button.setText(texts.redo(edits.next))

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
        return [self.way_back, self.undo_button, self.redo_button]

    def close_down(self) -> None:
        self.overview.close_down()
        for panel in self.panels.values():
            panel.close_down()
        self.viewer.close_down()
        if self.pairs is not None:
            self.pairs.close_down()
