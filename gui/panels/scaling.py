"""In which range the network sees the pixels: chips to choose, a real image before and after."""

from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from counterpoise.core.errors import CounterpoiseError
from counterpoise.gui.jobs import in_background
from counterpoise.gui.scale_preview import fit_on_sample, native_spec, sides
from counterpoise.gui.session import Session
from counterpoise.gui.texts import balance as texts
from counterpoise.gui.training_sample import TrainingSample
from counterpoise.gui.widgets.cards import Card
from counterpoise.gui.widgets.choices import Chips
from counterpoise.gui.widgets.histogram_pair import HistogramPair, Side
from counterpoise.gui.widgets.labels import button, label

if TYPE_CHECKING:
    import numpy.typing as npt

START_WINDOW = (0.5, 0.9)
"""Percentile of the centre and share of the range of a window nobody has set yet."""


class ScalingPanel(Card):
    """Tries every method on a sample of training images."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._session = session
        self._training = TrainingSample.of(session)
        self._shown = 0
        self._number = 0
        row = QHBoxLayout()
        row.setSpacing(10)
        self.chips = Chips([(key, title, texts.SCALING_HELP[key]) for key, title in texts.SCALINGS])
        self.chips.chosen.connect(self._choose)
        heading = label(texts.SCALING_TITLE, "heading")
        heading.setFixedHeight(self.chips.sizeHint().height())  # on one line with the first row of chips
        row.addWidget(heading, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.chips, 1)
        self.body.addLayout(row)
        self.window_fields = _WindowFields(session)
        self.body.addWidget(self.window_fields)
        self.picture = HistogramPair()
        self.body.addWidget(self.picture, 1)
        foot = QHBoxLayout()
        self.note = label("", "small", wrap=True)
        foot.addWidget(self.note, 1)
        self.another = button(texts.ANOTHER_IMAGE, "link", self._next_image)
        foot.addWidget(self.another)
        self.body.addLayout(foot)
        session.settings_changed.connect(self.refresh)
        session.check_changed.connect(self.refresh)
        self._training.changed.connect(self._sample_changed)
        self._sample_changed()
        self.refresh()

    @property
    def _sample(self) -> "npt.NDArray[Any] | None":
        return self._training.images

    def _sample_changed(self) -> None:
        sample = self._sample
        if sample is not None:
            self._shown = len(sample) // 2
            self.refresh()
        else:
            self.picture.set_message(self._training.problem or texts.NO_PICTURE)

    def _choose(self, key: str) -> None:
        changes: dict[str, object] = {"scaling.method": key}
        if key == "window" and self._session.settings.scaling.window is None and self._sample is not None:
            low, high = np.nanquantile(self._sample, ((1 - START_WINDOW[1]) / 2, (1 + START_WINDOW[1]) / 2))
            changes["scaling.window"] = (round(float(low + high) / 2), max(round(float(high - low)), 1))
        if refused := self._session.change(changes):
            self._session.problem.emit(refused)

    def _next_image(self) -> None:
        if self._sample is not None:
            self._shown = (self._shown + 1) % len(self._sample)
            self.refresh()

    def refresh(self) -> None:
        """Show the method in hand on the image in hand."""
        method = self._session.settings.scaling.method
        self.chips.set_chosen(method)
        self.window_fields.refresh()
        self.another.setEnabled(self._sample is not None)
        plan, sample = self._session.plan, self._sample
        if plan is None or sample is None:
            return
        scaling, fmt = self._session.settings.scaling, plan.format
        native = native_spec(plan)
        image = sample[self._shown]
        self._number += 1
        number = self._number

        def work() -> tuple[int, str, tuple[Side, Side] | None]:
            try:
                fitted = fit_on_sample(scaling, fmt, sample)
            except CounterpoiseError as error:
                return number, str(error), None
            return number, "", sides(image, sample, fitted, native, fmt.units)

        in_background(work, self._show)

    def _show(self, outcome: tuple[int, str, tuple[Side, Side] | None]) -> None:
        number, sentence, pair = outcome
        if number != self._number:
            return
        if pair is None:
            self.picture.set_message(sentence)
        else:
            self.picture.set_sides(*pair)
        help_text = texts.SCALING_HELP[self._session.settings.scaling.method]
        plan = self._session.plan
        pretrained = plan is not None and plan.settings.model.mode != "scratch"
        if pretrained and self._session.settings.scaling.method == "none":
            help_text = texts.AS_STORED_PRETRAINED
        count = 0 if self._sample is None else len(self._sample)
        self.note.setText(f"{help_text} {texts.sample_note(count)}")

    def close_down(self) -> None:
        """End the child that reads."""
        self._training.close()


class _WindowFields(QWidget):
    """Centre and width of a window, seen while it is chosen."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        self.fields: tuple[QLineEdit, QLineEdit] = (QLineEdit(), QLineEdit())
        for field, words in zip(self.fields, (texts.WINDOW_CENTRE, texts.WINDOW_WIDTH), strict=True):
            field.setAccessibleName(words)
            field.setMaximumWidth(120)
            field.editingFinished.connect(self._typed)
            row.addWidget(label(words, "muted"))
            row.addWidget(field)
        self.problem = label("", "error")
        row.addWidget(self.problem, 1)

    def refresh(self) -> None:
        scaling = self._session.settings.scaling
        self.setVisible(scaling.method == "window")
        for field, value in zip(self.fields, scaling.window or (None, None), strict=True):
            if not field.isModified():
                field.setText("" if value is None else f"{value:g}")

    def _typed(self) -> None:
        if not any(field.isModified() for field in self.fields):
            return
        try:
            centre, width = (float(f.text().replace(",", ".").replace("−", "-")) for f in self.fields)
        except ValueError:
            self.problem.setText(texts.NOT_A_NUMBER)
            return
        for field in self.fields:
            field.setModified(False)
        self.problem.setText(self._session.change({"scaling.window": (centre, width)}))
