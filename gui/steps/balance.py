"""The step where weights, scaling and all else are chosen, with the checks' verdict beside them."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy

from counterpoise.gui.panels.scaling import ScalingPanel
from counterpoise.gui.panels.verdict import VerdictPanel
from counterpoise.gui.panels.weighting import WeightingCards, WeightsCard
from counterpoise.gui.steps.base import State, Step
from counterpoise.gui.texts import balance as texts
from counterpoise.gui.widgets.labels import button
from counterpoise.gui.widgets.settings_form import SettingsForm


class BalanceStep(Step):
    name = "balance"
    title = texts.TITLE
    subtitle = texts.SUBTITLE

    def build(self) -> None:
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)  # with large text
        self._visited = False
        self.cards = WeightingCards(self.session)
        self.weights = WeightsCard(self.session)
        self.verdict = VerdictPanel(self.session)
        self.scaling = ScalingPanel(self.session)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self.weights, 6)
        row.addWidget(self.verdict, 5)
        self.body.addWidget(self.cards)
        self.body.addLayout(row, 1)
        self.body.addWidget(self.scaling, 2)
        self.fold: QPushButton = button(f"▸ {texts.ENGINEERS}", "fold", self._unfold)
        self.fold.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.body.addWidget(self.fold)
        self.form: SettingsForm | None = None
        self.session.check_changed.connect(self._refresh)
        self.session.settings_changed.connect(self._refresh)

    def _unfold(self) -> None:
        if self.form is None:
            from counterpoise.core.models.registry import model_names, spec

            names = {name: spec(name).label for name in model_names()}
            self.form = SettingsForm(texts.FORM, {"model.name": names})
            self.form.edited.connect(self._edited)
            self.body.addWidget(self.form)
            self.form.hide()
        opened = self.form.isHidden()
        self.form.setVisible(opened)
        self.fold.setText(f"{'▾' if opened else '▸'} {texts.ENGINEERS}")
        self._refresh()

    def _edited(self, key: str, value: object) -> None:
        refused = self.session.change({key: value})
        if self.form is not None:
            self.form.set_error(key, refused)

    def _refresh(self) -> None:
        if self.form is not None:
            check = self.session.check or {}
            self.form.set_values(self.session.settings, check.get("settings"), check.get("unused", ()))
        self.state_changed.emit()

    def shown(self) -> None:
        self._visited = True

    @property
    def state(self) -> State:
        if not self._visited or self.session.catalog is None:
            return State.TODO
        return State.DONE

    @property
    def next_label(self) -> str:
        return texts.NEXT

    @property
    def next_enabled(self) -> bool:
        return self.session.catalog is not None

    def go_next(self) -> None:
        self.wants_step.emit("check")

    def close_down(self) -> None:
        self.scaling.close_down()
