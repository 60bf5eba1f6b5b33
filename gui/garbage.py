"""Cycles of objects are collected in the window's thread alone.

Python collects wherever it happens to be. A widget that dies in another thread is handed to the window's,
while the other one waits inside Qt with Qt's lock in its hand: both then wait for ever.
"""

import gc

from PySide6.QtCore import QCoreApplication, QObject, QTimer

EVERY_MS = 1000


class GarbageCollector(QObject):
    """Takes over from Python's automatic collection for as long as the application lives."""

    def __init__(self, application: QCoreApplication) -> None:
        super().__init__(application)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.collect)
        self._timer.start(EVERY_MS)

    def collect(self) -> None:
        """Collect the oldest generation whose threshold is passed, as Python would."""
        due = [number for number in range(3) if gc.get_count()[number] > gc.get_threshold()[number]]
        if due:
            gc.collect(due[-1])


def collect_in_this_thread(application: QCoreApplication) -> None:
    """Let ``application``'s thread, the caller's, be the only one that collects."""
    if application.findChild(GarbageCollector) is None:
        GarbageCollector(application)
