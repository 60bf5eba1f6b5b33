"""Loads what the steps are made of before they are needed, so that no import halts the window's loop later.

Classes of Qt are made in the window's thread alone: PySide keeps all types in one map that the window's
thread reads without Python's lock, and a class made in another thread meanwhile ends the program
(``MetaObjectBuilder::update`` of nothing; seen in PySide6 6.11, where a thread that makes classes beside a
painting window does so within seconds).
"""

from collections.abc import Callable
from importlib import import_module

from counterpoise.gui.steps import STEPS

WITHOUT_QT = (
    "PIL.Image",
    "imagecodecs",
    "pynvml",
    "xml.etree.ElementTree",
    "cProfile",  # pyqtgraph brings this one and the next
    "pydoc",
    "counterpoise.core.jobs.job",
    "counterpoise.core.jobs.ownership",
    "counterpoise.gui.run_family",
    "counterpoise.core.pixels.prepare",
    "counterpoise.core.pixels.as_seen",
    "counterpoise.core.balance.labels_file",
    "counterpoise.core.catalog.thumbnail_codec",
    "counterpoise.core.safety.accept",  # and with it all rules
    "counterpoise.core.training.diagnosis",
)
WITH_QT = tuple(f"counterpoise.gui.steps.{entry.name}" for entry in STEPS if entry.exists)


def preload(stopped: Callable[[], bool]) -> None:
    """Import ``WITHOUT_QT`` one by one, until ``stopped`` says so; for a thread."""
    for name in WITHOUT_QT:
        if stopped():
            return
        import_module(name)
