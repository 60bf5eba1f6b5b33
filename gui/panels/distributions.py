"""Pictures of the data, so that a shortcut is seen before it is computed."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from counterpoise.gui.session import Session
from counterpoise.gui.texts import distributions as texts
from counterpoise.gui.widgets.labels import label


class DistributionsPanel(QWidget):
    """Sizes, brightness and mean image of each class."""

    keys_asked = Signal(tuple, str)
    """Images (path, frame) to be shown in the gallery, in this order, and a title."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(label(texts.TITLE, "heading"))
        column.addStretch(1)

    def shown(self) -> None:
        """The tab comes to the front."""

    def close_down(self) -> None:
        """End what runs."""
