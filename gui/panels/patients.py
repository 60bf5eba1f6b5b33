"""Who is on the images: how patients are told apart, and what else could tell them apart."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from counterpoise.core.catalog.types import groups
from counterpoise.gui.session import Session
from counterpoise.gui.texts import patients as texts
from counterpoise.gui.widgets.labels import label


class PatientsPanel(QWidget):
    """Says how many patients are known."""

    keys_asked = Signal(tuple, str)
    """Images (path, frame) to be shown in the gallery, in this order, and a title."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.now = label("", "heading", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.now)
        column.addStretch(1)
        session.catalog_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        catalog = self._session.catalog
        known = catalog is not None and any(image.group for image in catalog.present)
        if catalog is None or not known:
            self.now.setText(texts.UNKNOWN)
        else:
            self.now.setText(texts.told_apart(groups(catalog.present), len(catalog.present)))

    def shown(self) -> None:
        """The tab comes to the front."""

    def close_down(self) -> None:
        """End what runs."""
