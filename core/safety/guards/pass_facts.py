"""What a pass has come to, as the guards of passes judge it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from counterpoise.core.safety.guards.chance import guessing, loss_of, losses

SAME = 1e-5
"""Largest difference between two probabilities that counts as none. A network without a live unit gives equal
logits: seen are 0 to 6e-8, while networks that learn passed 1e-3 in their first pass."""


@dataclass(frozen=True)
class PassFacts:
    """The end of one pass. Probabilities have the prior put back."""

    epoch: int
    """Counts from 1."""
    probabilities: NDArray[np.float32]
    """[n, k] of the validation images; where there are none, of the training images."""
    truth: NDArray[np.intp]
    """[n], index of the class."""
    decided: NDArray[np.intp]
    """[n], the class decided for at the operating point that these probabilities give."""
    validated: bool
    """Whether the images are those of validation."""
    best_epoch: int
    best_loss: float
    """Of the best state so far: ``val_loss``, without validation ``loss``; infinite where there is none."""
    history: Sequence[Mapping[str, Any]]
    """Entries with ``epoch``, ``loss``, ``val_loss``, ``val_auc`` of all passes, this one last."""
    shares: NDArray[np.float64]
    """[k], of the classes in the training part."""
    weights: NDArray[np.float64]
    """[k], each class's weight times its sampling factor."""

    @cached_property
    def losses(self) -> NDArray[np.float64]:
        """Unweighted cross entropy of each image [n]."""
        return losses(self.probabilities, self.truth)

    @cached_property
    def loss(self) -> float:
        return float(self.losses.mean()) if len(self.truth) else float("nan")

    @cached_property
    def guessing(self) -> float:
        """The loss of giving every image the class shares of training: the least without looking."""
        return loss_of(self.shares, self.truth)

    @cached_property
    def constants(self) -> tuple[float, ...]:
        """The losses that a network without a view of the images ends at."""
        return tuple(loss_of(answer, self.truth) for answer in guessing(self.shares, self.weights))

    @cached_property
    def alike(self) -> int:
        """Images whose answer is the usual one."""
        return alike(self.probabilities)


def alike(probabilities: NDArray[np.floating]) -> int:
    """Return how many rows of ``probabilities`` [n, k] are the usual one (the medians), up to rounding.

    >>> alike(np.array([[0.5, 0.5], [0.5, 0.5], [0.9, 0.1]]))
    2
    """
    if not len(probabilities):
        return 0
    usual = np.median(probabilities, axis=0)
    return int((np.abs(probabilities - usual).max(axis=1) <= SAME).sum())
