"""Losses in numpy."""

import numpy as np
from numpy.typing import NDArray

FOCAL_GAMMA = 2.0
"""Lin et al. 2017, arXiv 1708.02002: their best value."""
TINY = 1e-7


def softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return probabilities over the last axis."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    np.exp(shifted, out=shifted)
    shifted /= shifted.sum(axis=-1, keepdims=True)
    return np.asarray(shifted, np.float32)


def cross_entropy(probabilities: NDArray[np.floating], truth: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return the unweighted loss of each row [n] of ``probabilities`` [n, k]."""
    chosen = probabilities[np.arange(len(truth)), truth].astype(np.float64)
    return -np.log(np.maximum(chosen, TINY))
