"""With two classes: which one the user is looking for, guessed from the names and asked here."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from counterpoise.gui.session import Session
from counterpoise.gui.texts import check as texts
from counterpoise.gui.widgets.cards import Card
from counterpoise.gui.widgets.choices import Chips
from counterpoise.gui.widgets.clearing import clear
from counterpoise.gui.widgets.labels import label


class InterestCard(Card):
    """Two chips; hidden with one class or more than two."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(texts.INTEREST, parent=parent)
        self._session = session
        self._names: tuple[str, ...] = ()
        self.chips: Chips | None = None
        self._row = QVBoxLayout()
        self.body.addLayout(self._row)
        self.body.addWidget(label(texts.INTEREST_NOTE, "small", wrap=True))
        session.check_changed.connect(self.refresh)
        session.settings_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        plan, catalog = self._session.plan, self._session.catalog
        names = catalog.labels if catalog is not None else ()
        self.setVisible(len(names) == 2 and plan is not None)
        if len(names) != 2 or plan is None:
            return
        if names != self._names:
            self._names = names
            clear(self._row)
            self.chips = Chips([(name, name) for name in names])
            self.chips.chosen.connect(self._choose)
            self._row.addWidget(self.chips)
        if self.chips is not None:
            self.chips.set_chosen(plan.positive or "")
            guessed = self._session.settings.data.positive == "auto"
            self.chips.set_suggested((plan.positive or "") if guessed else "", texts.GUESSED)

    def _choose(self, name: str) -> None:
        if refused := self._session.change({"data.positive": name}):
            self._session.problem.emit(refused)
