"""What is reached without looking at the images: the losses of giving every image the same answer."""

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

TINY = 1e-7
"""Where probabilities are cut in a logarithm, as in the reported loss."""


def losses(probabilities: NDArray[np.floating], truth: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return the unweighted cross entropy of each row [n] of ``probabilities`` [n, k]."""
    chosen = probabilities[np.arange(len(truth)), truth].astype(np.float64)
    return -np.log(np.maximum(chosen, TINY))


def guessing(shares: NDArray[np.float64], weights: NDArray[np.float64]) -> Iterator[NDArray[np.float64]]:
    """Yield the constant answers [k] that a network without a view of the images ends at.

    Learned under ``weights`` [k] (mean one or not) it gives the weighted class shares, or, where even the
    last layer stands still, every class the same; each as it is, and with the prior put back.
    """
    weighted = shares * weights
    for answer in (weighted / weighted.sum(), np.full(len(shares), 1 / len(shares))):
        yield answer
        restored = answer / weights
        yield restored / restored.sum()


def loss_of(answer: NDArray[np.float64], truth: NDArray[np.intp]) -> float:
    """Return the mean loss of one ``answer`` [k] for all images; of the shares in ``truth`` their entropy."""
    counts = np.bincount(truth, minlength=len(answer))
    return float(-(counts * np.log(np.maximum(answer, TINY))).sum() / max(len(truth), 1))


def auc_by_chance(truth: NDArray[np.intp], classes: int) -> float | None:
    """Return the AUC that guessing stays below in 97.5 of 100 sets like this; None where there is none.

    The null distribution of Mann and Whitney: standard error sqrt((n1 + n2 + 1) / (12 n1 n2)), the largest
    of the one-against-rest AUCs'. Their mean varies no more than that.
    """
    counts = np.bincount(truth, minlength=classes)
    sides = [(int(c), len(truth) - int(c)) for c in counts if 0 < c < len(truth)]
    if not sides:
        return None
    return 0.5 + 1.96 * max(math.sqrt((a + b + 1) / (12 * a * b)) for a, b in sides)
