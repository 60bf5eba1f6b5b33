"""What an export format is: how it is written, and how it is loaded again in its own runtime."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from counterpoise.core.balance.labels_file import LabelsFile
from counterpoise.core.pixels.format import PixelFormat
from counterpoise.core.prediction.predictor import Backend
from counterpoise.core.study.run_folder import RunFolder


@dataclass(frozen=True)
class ExportFormat:
    """One way to hand a model on. ``write`` and ``load`` import their runtime when they are called."""

    name: str
    label: str
    purpose: str
    """What it is for, in a sentence for the window."""
    file: str
    """The file, in the bundle's folder, that stands for the model."""
    runtime: str
    """The package that runs it."""
    tolerance: float
    """Largest difference of a probability at which the export counts as verified."""
    write: Callable[[RunFolder, Path], None]
    """Write the model of a run into an empty folder. Raises OSError."""
    load: Callable[[Path, PixelFormat, LabelsFile], Backend]
    """Load the model from that folder."""
