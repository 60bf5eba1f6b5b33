"""What a run waits for now, or why it failed or learned nothing, across the page above its curves."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from counterpoise.gui.run_story import Mark
from counterpoise.gui.texts import train as texts
from counterpoise.gui.texts.common import files
from counterpoise.gui.widgets.clearing import clear
from counterpoise.gui.widgets.finding_card import VerdictCard
from counterpoise.gui.widgets.labels import button

if TYPE_CHECKING:
    from counterpoise.core.training.diagnosis import Explanation

MOST_TOLD = 3


class RunStatePanel(QWidget):
    """Cards about the present state; hidden where there is nothing to say."""

    images_asked = Signal(tuple)
    """Paths of images to be shown."""
    fix_asked = Signal(object)
    """The explanation whose fix is to be tried in a new run; only where that isn't the main button's work."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self.cards: list[VerdictCard] = []
        self._told: tuple[object, ...] = ()
        self.hide()

    def tell(self, held: Mark | None, explanations: "Sequence[Explanation]") -> None:
        """Show what the run waits for, else how its end is explained; the same again changes nothing."""
        told = (held, tuple(explanations))
        if told == self._told:
            return
        self._told = told
        clear(self._column)
        self.cards = []
        if held is not None:
            title = texts.HELD.get(held.code, texts.guard_title(held.code))
            card = VerdictCard("warning", title, f"{held.message} {texts.HELD_NOTE}")
            self._add(card, held.paths)
        else:
            for explanation in explanations[:MOST_TOLD]:
                self._add(self._explained(explanation), explanation.paths)
        self.setVisible(bool(self.cards))

    def _explained(self, explanation: "Explanation") -> VerdictCard:
        fix = explanation.fix
        words = [texts.in_the_window(explanation.message), texts.changes(fix.set) if fix else ""]
        card = VerdictCard(str(explanation.severity), explanation.title, " ".join(filter(None, words)))
        if fix is not None and explanation.severity == "info":
            anew = button(texts.train_anew(fix.label), on_click=lambda: self.fix_asked.emit(explanation))
            card.add_button(anew)
        return card

    def _add(self, card: VerdictCard, paths: tuple[str, ...]) -> None:
        if paths:
            show = button(texts.show_images(len(paths)), on_click=lambda: self.images_asked.emit(paths))
            card.add_button(show).setToolTip(files(paths))
        self._column.addWidget(card)
        self.cards.append(card)
