"""Loads what the steps are made of beside the window, so that no import halts its loop later."""

from collections.abc import Callable
from importlib import import_module

from counterpoise.gui.steps import STEPS

MODULES = (
    "counterpoise.core.jobs.job",
    "counterpoise.core.jobs.ownership",
    "counterpoise.gui.run_family",
    *(f"counterpoise.gui.steps.{entry.name}" for entry in STEPS if entry.exists),
    "counterpoise.core.safety.accept",  # and with it all rules
    "counterpoise.core.training.diagnosis",
)


def preload(stopped: Callable[[], bool]) -> None:
    """Import ``MODULES`` one by one, until ``stopped`` says so; for a thread."""
    for name in MODULES:
        if stopped():
            return
        import_module(name)
