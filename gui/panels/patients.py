"""Who is on the images: how patients are told apart, and what else could tell them apart."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QWidget

from counterpoise.core.catalog.patients import Patient
from counterpoise.gui.panels.patients_now import PatientsNow
from counterpoise.gui.panels.patients_ways import PatientsWays
from counterpoise.gui.patients import PatientWork
from counterpoise.gui.session import Session
from counterpoise.gui.texts import patients as texts


class PatientsPanel(QWidget):
    """What is known on the left, ways to know more on the right. Works only while it is seen."""

    keys_asked = Signal(tuple, str)
    """Images (path, frame) to be shown in the gallery, in this order, and a title."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.work = PatientWork(session, self)
        self.now = PatientsNow()
        self.ways = PatientsWays(session, self.work)
        self.both = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self.both.setContentsMargins(0, 0, 0, 0)
        self.both.setSpacing(16)
        self.both.addWidget(self.now, 1)
        self.both.addWidget(self.ways, 1)
        self.now.patient_chosen.connect(self._show_images)
        self.ways.chosen.connect(self._choose)
        self.work.changed.connect(self._show)
        session.catalog_changed.connect(self.refresh)
        session.scan_started.connect(self._scan_started)
        session.scan_ended.connect(self._scan_ended)

    def shown(self) -> None:
        """The tab comes to the front."""
        self.refresh()

    def refresh(self) -> None:
        """Look at the images as they are now, where anybody sees it."""
        if self.isVisible():
            if not self._session.scanning:
                self.work.refresh()
            self._show()

    def _scan_started(self) -> None:
        self._scan_ended("")

    def _scan_ended(self, fault: str) -> None:
        """Say why what was chosen here didn't work."""
        self.now.fault.setText(fault)
        self.now.fault.setVisible(bool(fault))
        self.refresh()

    def _show(self) -> None:
        catalog, work = self._session.catalog, self.work
        if catalog is None:
            return
        scanning = self._session.scanning
        other = work.found_by != self._session.settings.data.group_by and (scanning or work.looking)
        busy = texts.READING if scanning and work.ready else ""
        if work.ready and other and not work.patients.known:
            self.now.show_nothing(texts.SORTING)  # what is known yet speaks of another way
        elif work.ready:
            file = catalog.sources.labels.name if catalog.sources.labels else ""
            self.now.show_patients(work.patients, work.found_by, file, bool(work.proposals))
        else:
            waiting = texts.NOT_YET if catalog.unread or scanning else texts.LOOKING
            self.now.show_nothing(work.note or waiting)
        self.now.show_busy(busy)
        self._lay_out(beside=work.patients.known)
        self.ways.show_ways()
        self.ways.setEnabled(work.ready and not scanning)

    def _lay_out(self, *, beside: bool) -> None:
        """Where nothing is known, the ways to know more have the room."""
        direction = QBoxLayout.Direction
        self.both.setDirection(direction.LeftToRight if beside else direction.TopToBottom)
        self.both.setStretch(0, int(beside))
        self.ways.set_wide(not beside)

    def _choose(self, changes: dict[str, object], what: str) -> None:
        self._session.apply(what, changes)
        self._show()

    def _show_images(self, patient: Patient) -> None:
        catalog = self._session.catalog
        if catalog is not None:
            keys = tuple(
                (image.path, image.frame) for image in catalog.images if image.group == patient.group
            )
            self.keys_asked.emit(keys, texts.shown(patient.name))

    def close_down(self) -> None:
        """End what runs."""
        self.ways.close_down()
        self.work.close()
