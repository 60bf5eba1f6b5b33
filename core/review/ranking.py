"""From probabilities to a ranking of labels, the likeliest wrong first."""

import numpy as np
from numpy.typing import NDArray

from counterpoise.core.review.out_of_fold import Probabilities


def adjusted(probabilities: Probabilities, truth: NDArray[np.intp]) -> Probabilities:
    """Return probabilities [n, k] less what is usual for a class, so that none is doubted as a whole.

    What is usual is the mean probability of a class among the images that carry its label (Northcutt et al.
    2021, arXiv 1911.00068: the class thresholds of confident learning).
    """
    usual = thresholds(probabilities, truth)
    shifted: Probabilities = probabilities - usual + usual.max()
    return shifted


def thresholds(probabilities: Probabilities, truth: NDArray[np.intp]) -> Probabilities:
    """Return the mean probability [k] of each class among images that carry its label; 1 where none does."""
    classes = probabilities.shape[1]
    return np.array(
        [probabilities[truth == c, c].mean() if (truth == c).any() else 1.0 for c in range(classes)]
    )


def margins(
    probabilities: Probabilities, truth: NDArray[np.intp]
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Return the score [n] and the best other class [n] of each image.

    The score is the adjusted probability of its own label less that of the best other class, -1 to 1 or a
    little beyond: the normalised margin of Northcutt et al. Below 0 another class is likelier.
    """
    shifted = adjusted(probabilities, truth)
    rows = np.arange(len(truth))
    own = shifted[rows, truth]
    others = shifted.copy()
    others[rows, truth] = -np.inf
    best = others.argmax(axis=1)
    return own - others[rows, best], best
