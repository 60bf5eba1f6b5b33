"""A form made from the settings' declarations: label, help, bounds and unit come from there."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from counterpoise.core.settings import Settings
from counterpoise.gui.form_fields import FormField, form_fields
from counterpoise.gui.texts import form as texts
from counterpoise.gui.theme import restyle


class SettingsForm(QWidget):
    """Fields under headings, in two columns; says what a person changed and takes sentences about it."""

    edited = Signal(str, object)
    """Dotted key and value as typed (not validated yet)."""

    def __init__(
        self,
        sections: Sequence[tuple[str, Sequence[str]]],
        choices: Mapping[str, Mapping[str, str]] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """``sections``: heading and dotted keys; ``choices`` names values the declaration leaves open."""
        super().__init__(parent)
        known = form_fields()
        self._fields: dict[str, FormField] = {}
        self._editors: dict[str, QWidget] = {}
        self._notes: dict[str, QLabel] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 4)
        layout.setSpacing(10)
        for heading, keys in sections:
            title = QLabel(heading)
            title.setProperty("role", "heading")
            layout.addWidget(title)
            grid = QGridLayout()
            grid.setHorizontalSpacing(16)
            grid.setVerticalSpacing(6)
            for column in (1, 3):
                grid.setColumnStretch(column, 1)
            for number, key in enumerate(keys):
                row, side = divmod(number, 2)
                self._add(grid, 2 * row, 2 * side, known[key], (choices or {}).get(key))
            layout.addLayout(grid)

    def _add(
        self, grid: QGridLayout, row: int, column: int, spec: FormField, choices: Mapping[str, str] | None
    ) -> None:
        unit = f" ({spec.unit})" if spec.unit else ""
        label = QLabel(f"{spec.label}{unit}")
        label.setProperty("role", "muted")
        editor = self._editor(spec, choices or spec.choices)
        editor.setToolTip(spec.tip)
        editor.setAccessibleName(spec.label)
        editor.setAccessibleDescription(spec.tip)
        label.setBuddy(editor)
        note = QLabel()
        note.setProperty("role", "small")
        note.setWordWrap(True)
        note.hide()
        grid.addWidget(label, row, column)
        grid.addWidget(editor, row, column + 1)
        grid.addWidget(note, row + 1, column + 1)
        self._fields[spec.key], self._editors[spec.key], self._notes[spec.key] = spec, editor, note

    def _editor(self, spec: FormField, choices: Mapping[str, str]) -> QWidget:
        key = spec.key
        if spec.kind == "switch":
            switch = QCheckBox()
            switch.toggled.connect(lambda on: self.edited.emit(key, on))
            return switch
        if choices:
            combo = QComboBox()
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            combo.setMinimumContentsLength(10)
            for value, words in choices.items():
                combo.addItem(words, value)
            combo.activated.connect(lambda index: self.edited.emit(key, combo.itemData(index)))
            return combo
        line = QLineEdit()
        line.editingFinished.connect(lambda: self._typed(key, line))
        return line

    def _typed(self, key: str, line: QLineEdit) -> None:
        if line.isModified():
            line.setModified(False)
            self.edited.emit(key, self._fields[key].parse(line.text()))

    def editor(self, key: str) -> QWidget:
        """Return the field of a setting."""
        return self._editors[key]

    def set_values(
        self,
        settings: Settings,
        resolved: Mapping[str, Mapping[str, Any]] | None = None,
        unused: Sequence[str] = (),
    ) -> None:
        """Show ``settings``; with auto also what it becomes; those of no use here are marked."""
        tables = settings.to_json()
        for key, editor in self._editors.items():
            table, name = key.split(".")
            value, final = tables[table][name], (resolved or {}).get(table, {}).get(name)
            if isinstance(editor, QCheckBox):
                editor.blockSignals(True)
                editor.setChecked(bool(value))
                editor.blockSignals(False)
            elif isinstance(editor, QComboBox):
                self._show_choice(editor, value, final)
            elif isinstance(editor, QLineEdit) and not editor.isModified():
                spec = self._fields[key]
                given = value is not None and value != "auto"
                editor.setText(texts.value(value) if given else "")
                editor.setPlaceholderText(texts.placeholder(value, final, optional=spec.optional))
            self._tell(key, texts.UNUSED if key in unused else "", error=False)

    @staticmethod
    def _show_choice(combo: QComboBox, value: Any, final: Any) -> None:
        combo.setCurrentIndex(max(combo.findData(value), 0))
        auto, words = combo.findData("auto"), combo.findData(final)
        if auto >= 0:
            known = final if words < 0 else combo.itemText(words)
            combo.setItemText(auto, texts.suggested(known if value == "auto" and final != "auto" else None))

    def set_error(self, key: str, sentence: str) -> None:
        """Show why the value of ``key`` was refused (an empty sentence takes it away)."""
        self._tell(key, sentence, error=bool(sentence))

    def _tell(self, key: str, words: str, *, error: bool) -> None:
        note, editor = self._notes[key], self._editors[key]
        note.setText(words)
        note.setVisible(bool(words))
        note.setProperty("role", "error" if error else "small")
        restyle(note)
        editor.setProperty("invalid", "true" if error else "false")
        restyle(editor)
