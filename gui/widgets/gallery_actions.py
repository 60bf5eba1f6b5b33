"""What can be done with the chosen images: buttons, menus, keys, and the question before a move."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QHideEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolTip, QVBoxLayout, QWidget

from counterpoise.core.catalog.types import PARTS, ImageRecord, Part
from counterpoise.gui.moving import divided
from counterpoise.gui.session import Session
from counterpoise.gui.texts import gallery as texts
from counterpoise.gui.texts import inspect
from counterpoise.gui.texts.edits import COPY_COUNTS_ONCE
from counterpoise.gui.widgets.finding_card import VerdictCard
from counterpoise.gui.widgets.gallery import Gallery
from counterpoise.gui.widgets.gallery_keys import combination
from counterpoise.gui.widgets.labels import button


class GalleryActions(QWidget):
    """The buttons of what is chosen; below them, when it must be asked, a question.

    The question goes as soon as something else is chosen or seen: an answer is meant for what was asked.
    """

    patient_asked = Signal(str)
    """The pseudonym of a patient whose images are to be shown."""
    other_asked = Signal(str)
    """An action that concerns no images: ``find``, ``again``, ``larger``."""
    question_asked = Signal()
    """A question stands beside the gallery and waits for its answer."""

    def __init__(self, session: Session, gallery: Gallery, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._gallery = session, gallery
        self.relabel_button = button(inspect.RELABEL, "small", self.relabel)
        self.move_button = button(texts.MOVE, "small", self.ask_part)
        self.out_button = button(inspect.LEAVE_OUT, "small", self.leave_out)
        self.in_button = button(texts.TAKE_IN, "small", self.take_in)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for made in (self.relabel_button, self.move_button, self.out_button, self.in_button):
            row.addWidget(made)
        self.question = QWidget()
        holder = QVBoxLayout(self.question)
        holder.setContentsMargins(0, 0, 0, 0)
        self.question.hide()
        self._asked: VerdictCard | None = None
        self._about: tuple[ImageRecord, ...] = ()
        """The images that the question speaks of, as they were when it was asked."""
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self.question)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(lambda: self._answer(lambda: None))
        session.catalog_changed.connect(self._catalog_changed)
        gallery.asked.connect(self._do)
        gallery.menu_asked.connect(self.show_menu)
        self.show_chosen(0)

    def show_chosen(self, images: int) -> None:
        """Offer what fits the images that are chosen now."""
        chosen = self._gallery.chosen() if images else []
        any_in = any(image.part for image in chosen)
        any_out = any(not image.part for image in chosen)
        self.relabel_button.setVisible(bool(chosen))
        self.move_button.setVisible(bool(chosen))
        self.move_button.setEnabled(any_in)
        self.move_button.setToolTip("" if any_in else texts.NO_MOVE)
        self.out_button.setVisible(any_in)
        self.in_button.setVisible(any_out)
        spare = self._only_spare(chosen)
        self.in_button.setEnabled(not spare)
        self.in_button.setToolTip(COPY_COUNTS_ONCE if spare else "")

    def _only_spare(self, images: list[ImageRecord]) -> bool:
        """Whether those of the images that are left out are copies, which count once."""
        return all(image.part or self._session.edits.is_spare(image) for image in images)

    def _do(self, name: str) -> None:
        act: Callable[[], object] | None = {
            "leave_out": self.leave_out,
            "take_in": self.take_in,
            "relabel": self.relabel,
            "move": self.ask_part,
            "patient": self.show_patient,
        }.get(name)
        if act is not None:
            act()
        else:
            self.other_asked.emit(name)

    # ---- edits

    def leave_out(self, images: list[ImageRecord] | None = None) -> None:
        """Leave images (None: the chosen ones) out, or take them in again where all are out."""
        images = self._gallery.chosen() if images is None else images
        if images and all(not image.part for image in images):
            self._session.edits.restore(images)
        else:
            self._session.edits.leave_out([image for image in images if image.part])

    def take_in(self) -> None:
        """Take those of the chosen images in again that are left out."""
        self._session.edits.restore([image for image in self._gallery.chosen() if not image.part])

    def relabel(self, images: list[ImageRecord] | None = None, spot: QPoint | None = None) -> None:
        """Ask for another label of images (None: the chosen ones), in a menu."""
        chosen = self._gallery.chosen() if images is None else images
        if chosen:
            self._popup(self._label_menu(chosen), spot)

    def ask_part(self, images: list[ImageRecord] | None = None, spot: QPoint | None = None) -> None:
        """Ask for another part of images (None: the chosen ones), in a menu."""
        chosen = self._gallery.chosen() if images is None else images
        if any(image.part for image in chosen):
            self._popup(self._part_menu(chosen), spot)
        elif chosen:
            QToolTip.showText(spot or self._gallery.menu_spot(), texts.NO_MOVE, self._gallery)

    def show_patient(self) -> None:
        """Show all images of the patient in hand."""
        images = self._gallery.chosen()
        if images and images[0].group:
            self.patient_asked.emit(images[0].group)

    def move_to(self, images: list[ImageRecord], part: Part) -> None:
        """Put images in a part; asks first where that would divide a patient or copies."""
        catalog = self._session.catalog
        images = [image for image in images if image.part not in ("", part)]
        if catalog is None or not images:
            return
        found = divided(catalog.images, images, part)
        if not found:
            self._session.edits.move(images, part)
            return
        copies = len(found.others)
        card = VerdictCard("warning", texts.TOGETHER, texts.divided(found.patients, copies))
        whole = [*images, *found.others]
        ways: tuple[tuple[str, Callable[[], None]], ...] = (
            (texts.move_all(len(whole)), lambda: self._session.edits.move(whole, part)),
            (texts.move_these(len(images)), lambda: self._session.edits.move(images, part)),
            (texts.CANCEL, lambda: None),
        )
        buttons = [card.add_button(button(words, on_click=partial(self._answer, act))) for words, act in ways]
        self.close_question()
        self._asked, self._about = card, tuple(whole)
        layout = self.question.layout()
        assert layout is not None
        layout.addWidget(card)
        self.question.show()
        self.question_asked.emit()
        buttons[0].setFocus()

    def _answer(self, act: Callable[[], object]) -> None:
        self.close_question()
        act()
        self._gallery.setFocus()

    def close_question(self) -> None:
        """Take the question away unanswered; without one nothing happens."""
        self.question.hide()
        if self._asked is not None:
            self._asked.hide()
            self._asked.deleteLater()
            self._asked, self._about = None, ()

    def _catalog_changed(self) -> None:
        """An edit, an undo or a scan may have changed what the question speaks of."""
        catalog = self._session.catalog
        if catalog is None or any(catalog.named((i.path, i.frame)) != [i] for i in self._about):
            self.close_question()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():  # a window that is made small is not left
            self.close_question()

    # ---- menus

    def show_menu(self, spot: QPoint) -> None:
        """Open the menu of the chosen images."""
        chosen = self._gallery.chosen()
        if chosen:
            self._popup(self.menu(chosen), spot)

    def menu(self, chosen: list[ImageRecord]) -> QMenu:
        """Return the menu of these images."""
        menu = QMenu(self)
        self._entry(menu, inspect.LOOK, "look", lambda: self._gallery.look_asked.emit(self._gallery.current))
        menu.addSeparator()
        menu.addMenu(self._label_menu(chosen, menu))
        parts = menu.addMenu(self._part_menu(chosen, menu))
        if not any(image.part for image in chosen):
            parts.setEnabled(False)
        else:
            self._entry(menu, inspect.LEAVE_OUT, "leave_out", self.leave_out)
        if any(not image.part for image in chosen):
            taken = self._entry(menu, texts.TAKE_IN, "take_in", self.take_in)
            taken.setEnabled(not self._only_spare(chosen))
        menu.addSeparator()
        if chosen[0].group:
            self._entry(menu, texts.SAME_PATIENT, "patient", self.show_patient)
        self._entry(menu, texts.ALL, "all", self._gallery.choose_all)
        self._entry(menu, texts.INVERT, "invert", self._gallery.invert)
        return menu

    def _entry(self, menu: QMenu, words: str, name: str, act: Callable[[], object]) -> QAction:
        action = menu.addAction(words)
        keys = combination(name)
        if keys is not None:  # told, not bound: the gallery hears its keys itself
            action.setText(f"{words}\t{QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)}")
        action.triggered.connect(lambda: act())
        return action

    def _label_menu(self, chosen: list[ImageRecord], parent: QWidget | None = None) -> QMenu:
        catalog = self._session.catalog
        menu = QMenu(inspect.RELABEL, parent or self)
        for name in catalog.labels if catalog is not None else ():
            action = menu.addAction(name)
            action.setEnabled(any(image.label != name for image in chosen))
            action.triggered.connect(lambda _=False, name=name: self._session.edits.relabel(chosen, name))
        return menu

    def _part_menu(self, chosen: list[ImageRecord], parent: QWidget | None = None) -> QMenu:
        menu = QMenu(texts.MOVE, parent or self)
        for part in PARTS:
            action = menu.addAction(texts.to_part(part))
            action.setEnabled(any(image.part not in ("", part) for image in chosen))
            action.triggered.connect(lambda _=False, part=part: self.move_to(chosen, part))
        return menu

    def _popup(self, menu: QMenu, spot: QPoint | None = None) -> None:
        if menu.actions():
            menu.aboutToHide.connect(menu.deleteLater)
            menu.popup(spot or self._gallery.menu_spot())
            menu.setActiveAction(next((a for a in menu.actions() if a.isEnabled()), menu.actions()[0]))
        else:
            menu.deleteLater()
