"""Patients in a table; any number of them."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from counterpoise.core.catalog.patients import Patient
from counterpoise.gui.texts import common
from counterpoise.gui.texts import patients as texts
from counterpoise.gui.theme import px

_CLASSES = 2
"""The column that takes the room there is."""
_LOOKED_AT = 100
"""Rows that tell how wide a column should be."""
Index = QModelIndex | QPersistentModelIndex
_WORDS: tuple[Callable[[Patient], str], ...] = (
    lambda patient: patient.name,
    lambda patient: f"{patient.images:,}",
    lambda patient: texts.names(patient.classes),
    lambda patient: texts.names([common.PARTS[part] for part in patient.parts]),
)
_ORDER: tuple[Callable[[Patient], Any], ...] = (
    lambda patient: patient.name,
    lambda patient: patient.images,
    lambda patient: (len(patient.classes), patient.classes),
    lambda patient: (len(patient.parts), patient.parts),
)


class _Model(QAbstractTableModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: Sequence[Patient] = ()

    def show(self, rows: Sequence[Patient]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(texts.COLUMNS)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return _WORDS[index.column()](self.rows[index.row()])
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)
    ) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return texts.COLUMNS[section]
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        if column >= 0:
            down = order == Qt.SortOrder.DescendingOrder
            self.show(sorted(self.rows, key=_ORDER[column], reverse=down))


class PatientsTable(QTableView):
    """A click, or Enter, chooses a patient; headings sort."""

    patient_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("patients")
        self.patients = _Model(self)
        self.setModel(self.patients)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setToolTip(texts.TABLE_HELP)
        self.setAccessibleName(texts.TITLE)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(_CLASSES, QHeaderView.ResizeMode.Stretch)
        header.setResizeContentsPrecision(_LOOKED_AT)
        header.setMinimumSectionSize(px(64))
        header.setMaximumSectionSize(px(220))
        header.setHighlightSections(False)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(self._choose)

    def show_patients(self, patients: Sequence[Patient]) -> None:
        self.patients.show(patients)
        self.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)

    def _choose(self, index: QModelIndex) -> None:
        self.patient_chosen.emit(self.patients.rows[index.row()])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            if self.currentIndex().isValid():
                self._choose(self.currentIndex())
        else:
            super().keyPressEvent(event)
