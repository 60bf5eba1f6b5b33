"""Where to draw the line: the curve, a point to drag, and what that point would mean."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QWidget

from counterpoise.gui.outcome import Outcome
from counterpoise.gui.roc import RocCurve, predictive_values, roc_curve
from counterpoise.gui.texts import results as texts
from counterpoise.gui.widgets.cards import Card
from counterpoise.gui.widgets.labels import button, label
from counterpoise.gui.widgets.roc import RocPlot


class LineCard(Card):
    """A what-if: moving the point changes nothing in the model, whose own line was fixed on validation."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(texts.ROC_TITLE, parent=parent)
        self._outcome: Outcome | None = None
        self._curve: RocCurve | None = None
        self._own = 0
        self.choice = QComboBox()
        self.choice.setAccessibleName(texts.CLASS_LABEL)
        self.choice.activated.connect(lambda _index: self._draw())
        self.head.addWidget(self.choice)
        self.plot = RocPlot()
        self.plot.moved.connect(lambda _index: self._tell())
        self.body.addWidget(self.plot, 1)
        self.words = label("", "heading", wrap=True)
        self.body.addWidget(self.words)
        self.threshold = label("", "small", wrap=True)
        self.body.addWidget(self.threshold)
        self.preview = label("", "small", wrap=True)
        self.body.addWidget(self.preview)
        self.back = button(texts.BACK_TO_OWN, "link", self._to_own)
        self.body.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)
        row = QHBoxLayout()
        row.addWidget(label(texts.PREVALENCE, "small"))
        self.prevalence = QLineEdit()
        self.prevalence.setAccessibleName(texts.PREVALENCE)
        self.prevalence.setFixedWidth(72)
        self.prevalence.textEdited.connect(lambda _text: self._tell())
        row.addWidget(self.prevalence)
        row.addWidget(label(texts.PREVALENCE_END, "small"))
        row.addStretch(1)
        self.body.addLayout(row)
        self.values = label("", "small", wrap=True)
        self.body.addWidget(self.values)
        self.body.setSpacing(5)

    def set_outcome(self, outcome: Outcome) -> None:
        """Draw the curve of the part that is shown."""
        self._outcome = outcome
        self.choice.clear()
        self.choice.addItems(list(outcome.names))
        of = outcome.of_interest or outcome.names[0]
        self.choice.setCurrentText(of)
        self.choice.setVisible(len(outcome.names) > 2)
        figures = outcome.figures or {}
        share = figures.get("prevalence") or outcome.labels.prevalence.get(of, 0.5)
        self.prevalence.setText(f"{100 * share:.3g} %")
        self._draw()

    def _draw(self) -> None:
        outcome = self._outcome
        if outcome is None or outcome.predictions is None or not len(outcome.predictions):
            self._curve = None
            self.plot.set_curve(None)
            self._tell()
            return
        index = self.choice.currentIndex()
        predictions = outcome.predictions
        self._curve = roc_curve(predictions.truth == index, predictions.probabilities[:, index])
        if self._curve is not None:
            self._own = self._own_index(outcome, self._curve)
            self.plot.set_curve(self._curve, self._own)
        else:
            self.plot.set_curve(None)
        self._tell()

    def _own_index(self, outcome: Outcome, curve: RocCurve) -> int:
        """Return the point the model decides by; without a threshold of its own the balanced one."""
        point = outcome.labels.threshold
        if point.value is not None and point.class_ == self.choice.currentText():
            return curve.at(point.value)
        return int(np.argmax(curve.sensitivity - curve.false_alarms))

    def _to_own(self) -> None:
        self.plot.set_index(self._own)
        self._tell()

    def _tell(self) -> None:
        curve = self._curve
        moved = curve is not None and self.plot.index != self._own
        self.preview.setText(texts.PREVIEW if self._has_own else texts.PREVIEW_NO_LINE)
        self.back.setText(texts.BACK_TO_OWN if self._has_own else texts.BACK_TO_BALANCED)
        self.preview.setVisible(moved)
        # Beside the heading too, where it is seen though the foot of the card may not be.
        self.set_title(texts.ROC_TITLE, texts.PREVIEW_NOTE if moved and self.choice.isHidden() else "")
        self.back.setVisible(moved)
        if curve is None:
            self.words.setText(texts.NO_CURVE)
            self.threshold.setText("")
            self.values.setText("")
            return
        i = self.plot.index
        sensitivity, specificity = float(curve.sensitivity[i]), 1 - float(curve.false_alarms[i])
        own = f" · {texts.OWN_LINE}" if i == self._own and self._has_own else ""
        line = texts.threshold(float(curve.thresholds[i]))
        self.words.setText(texts.at_line(sensitivity, specificity))
        self.threshold.setText(f"{line}{own}")
        prevalence = _share(self.prevalence.text())
        if prevalence is None:
            self.values.setText(texts.NOT_A_SHARE)
        else:
            self.values.setText(texts.values_at(*predictive_values(sensitivity, specificity, prevalence)))

    @property
    def _has_own(self) -> bool:
        return self._outcome is not None and self._outcome.labels.threshold.value is not None


def _share(text: str) -> float | None:
    """Read ``10 %`` as 0.1; None where it is no share above 0 and below 100 %."""
    try:
        share = float(text.replace("%", "").replace(",", ".").strip()) / 100
    except ValueError:
        return None
    return share if 0 < share < 1 else None
