"""How much each class counts: cards to choose, bars to see, fields for one's own numbers."""

from PySide6.QtWidgets import QGridLayout, QLineEdit, QVBoxLayout, QWidget

from counterpoise.core.settings import WeightingSettings
from counterpoise.gui.session import Session
from counterpoise.gui.texts import balance as texts
from counterpoise.gui.theme import restyle
from counterpoise.gui.widgets.cards import Card
from counterpoise.gui.widgets.choices import ChoiceCards
from counterpoise.gui.widgets.labels import label
from counterpoise.gui.widgets.weight_bars import WeightBars

OWN_COLUMNS = 3


class WeightingCards(ChoiceCards):
    """None, gentle, full, your own; the suggested one is what ``auto`` would take."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(texts.WEIGHTINGS, parent)
        self._session = session
        self.chosen.connect(self._choose)
        session.settings_changed.connect(self.refresh)
        session.check_changed.connect(self.refresh)
        session.catalog_changed.connect(self.refresh)
        self.refresh()

    def suggested(self) -> str:
        """Return what ``auto`` becomes for these images; empty without images."""
        from counterpoise.core.balance.weights import resolve_weighting

        catalog = self._session.catalog
        if catalog is None:
            return ""
        auto = WeightingSettings(sampling=self._session.settings.weighting.sampling)
        return resolve_weighting(catalog.counts("train"), auto).method

    def refresh(self) -> None:
        suggested, method = self.suggested(), self._session.settings.weighting.method
        self.set_suggested(suggested)
        self.set_chosen(suggested if method == "auto" else method)

    def _choose(self, key: str) -> None:
        changes: dict[str, object] = {"weighting.method": "auto" if key == self.suggested() else key}
        settings, plan = self._session.settings.weighting, self._session.plan
        if key == "custom" and not settings.custom and plan is not None:
            changes["weighting.custom"] = {name: round(weight, 3) for name, weight in plan.weights.items()}
        if refused := self._session.change(changes):
            self._session.problem.emit(refused)


class WeightsCard(Card):
    """Bars of images and weights per class, and what they do to the learning rate."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(texts.BARS_TITLE, parent=parent)
        self._session = session
        self.bars = WeightBars()
        self.body.addWidget(self.bars)
        self.own = OwnWeights(session)
        self.body.addWidget(self.own)
        self.body.addStretch(1)
        self.sentence = label("", "small", wrap=True)
        self.body.addWidget(self.sentence)
        session.settings_changed.connect(self._ahead)
        session.check_changed.connect(self.refresh)
        session.catalog_changed.connect(self.refresh)
        self.refresh()

    def _ahead(self) -> None:
        """Show the new weights at once, from the counts known; the check says the rest."""
        plan = self._session.plan
        if plan is None or plan.catalog is not self._session.catalog:
            return
        from counterpoise.core.balance.weights import resolve_weighting
        from counterpoise.core.safety.plan import final_weights, present

        counts = plan.train_counts
        weighting = resolve_weighting(present(counts), self._session.settings.weighting)
        self.bars.set_values(counts, final_weights(counts, weighting))
        self.sentence.setText(texts.CHECKING)

    def refresh(self) -> None:
        plan = self._session.plan
        if plan is None:
            self.sentence.setText(texts.NOT_CHECKED)
            return
        self.bars.set_values(plan.train_counts, plan.weights)
        rate = plan.settings.training.learning_rate
        mean = texts.mean_weight(plan.train_counts, plan.weights)
        chosen = rate if isinstance(rate, float) else None
        self.sentence.setText(texts.rate_sentence(mean, plan.effective_learning_rate, chosen))


class OwnWeights(QWidget):
    """A field per class, seen while the weights are one's own."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._fields: dict[str, QLineEdit] = {}
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 4, 0, 0)
        outer.addLayout(self._grid)
        session.settings_changed.connect(self.refresh)
        session.catalog_changed.connect(self.refresh)
        self.refresh()

    def field(self, name: str) -> QLineEdit:
        """Return the field of a class."""
        return self._fields[name]

    def refresh(self) -> None:
        catalog, weighting = self._session.catalog, self._session.settings.weighting
        self.setVisible(weighting.method == "custom" and catalog is not None)
        if catalog is None:
            return
        if tuple(self._fields) != catalog.labels:
            self._rebuild(catalog.labels)
        for name, field in self._fields.items():
            if not field.isModified():
                weight = weighting.custom.get(name)
                field.setText("" if weight is None else f"{weight:g}")
                self._mark(field, wrong=False)

    def _rebuild(self, names: tuple[str, ...]) -> None:
        while item := self._grid.takeAt(0):
            if widget := item.widget():
                widget.deleteLater()
        self._fields = {}
        for number, name in enumerate(names):
            row, column = divmod(number, OWN_COLUMNS)
            field = QLineEdit()
            field.setAccessibleName(texts.own_weight(name))
            field.editingFinished.connect(lambda name=name: self._typed(name))
            words = label(name, "muted")
            words.setBuddy(field)
            self._grid.addWidget(words, row, 2 * column)
            self._grid.addWidget(field, row, 2 * column + 1)
            self._fields[name] = field

    def _typed(self, name: str) -> None:
        field = self._fields[name]
        if not field.isModified():
            return
        field.setModified(False)
        try:
            weight = float(field.text().replace(",", ".").replace("−", "-"))
        except ValueError:
            self._mark(field, wrong=True)
            return
        others = self._session.settings.weighting.custom
        custom = {key: value for key, value in others.items() if key in self._fields}
        refused = self._session.change({"weighting.custom": {**custom, name: weight}})
        self._mark(field, wrong=bool(refused))

    @staticmethod
    def _mark(field: QLineEdit, *, wrong: bool) -> None:
        field.setProperty("invalid", "true" if wrong else "false")
        field.setToolTip(texts.NOT_A_NUMBER if wrong else "")
        restyle(field)
