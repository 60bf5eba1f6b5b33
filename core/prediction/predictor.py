"""What every model can do, whatever runs it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from counterpoise.core.balance.labels_file import LabelsFile
from counterpoise.core.balance.operating import decide
from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.pixels.format import PixelFormat

Backend = Callable[[NDArray[np.generic]], NDArray[np.float32]]
"""A loaded graph: raw images [n, h, w, c] of any number type in, probabilities [n, k] out."""


@dataclass(frozen=True)
class Predictor:
    """A model that was checked and is ready."""

    kind: str
    """What runs it: ``onnx``, ``keras`` or ``litert``."""
    format: PixelFormat
    labels: LabelsFile
    backend: Backend

    def probabilities(self, images: NDArray[np.generic]) -> NDArray[np.float32]:
        """Return probabilities [n, k] of prepared images [n, h, w, c] (of ``core.pixels.prepare``)."""
        return self.backend(images)

    def decide(self, probabilities: NDArray[np.floating]) -> NDArray[np.intp]:
        """Return the index of the decided class of each row, at the model's operating point."""
        return decide(probabilities, self.labels.labels, self.labels.threshold, self.labels.prevalence)


def damaged(name: str, reason: str) -> CounterpoiseError:
    """Return the error of a model file that isn't one of ours."""
    return CounterpoiseError(
        f"The model file {name} can't be used: {reason}. Expected a file as Counterpoise writes it; "
        "export or train the model anew."
    )


def check_ends(
    name: str, given: tuple[object, ...], output: tuple[object, ...], fmt: PixelFormat, labels: LabelsFile
) -> None:
    """Raise where a graph's shapes (without the batch) don't fit what stands beside it."""
    if tuple(given) != fmt.shape or tuple(output) != (len(labels.labels),):
        raise damaged(
            name,
            f"it takes images of {tuple(given)} and gives {tuple(output)}, while preprocessing.json and "
            f"labels.json say {fmt.shape} and {len(labels.labels)} classes",
        )
