"""Whether an export does what the run does: probabilities and decisions on the same images."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from counterpoise.core.balance.labels_file import LabelsFile
from counterpoise.core.balance.operating import decide


@dataclass(frozen=True)
class Parity:
    images: int
    max_abs_diff: float
    """Largest difference of a probability."""
    decisions_agree: bool
    verified: bool


def compare(
    reference: NDArray[np.floating], received: NDArray[np.floating], labels: LabelsFile, tolerance: float
) -> Parity:
    """Compare probabilities [n, k] of the run and of an export of it.

    Verified means that no probability differs by more than ``tolerance`` and no image is decided
    differently. Values that aren't numbers never agree.
    """
    same_shape = reference.shape == received.shape and np.isfinite(received).all()
    difference = float(np.abs(reference - received).max(initial=0.0)) if same_shape else float("inf")
    agree = bool(same_shape) and bool(
        np.array_equal(_decisions(reference, labels), _decisions(received, labels))
    )
    return Parity(len(reference), difference, agree, difference <= tolerance and agree)


def _decisions(probabilities: NDArray[np.floating], labels: LabelsFile) -> NDArray[np.intp]:
    return decide(probabilities, labels.labels, labels.threshold, labels.prevalence)
