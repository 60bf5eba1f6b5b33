"""What images of other patients say about each image: out-of-fold probabilities from its features."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from counterpoise.core.training.features.feature_rows import Array
from counterpoise.core.training.features.folds import group_folds

Probabilities = NDArray[np.float64]
WIDTH = 256
"""Principal components kept of the features: as good as all of them, at a fifth of the work."""
STRENGTH = 30.0
"""Inverse of the penalty of the logistic regression on evened features (``C``, .01 to .1), times the images.
It hardly matters: what is found of planted labels varies by .06 at most from .01 to .3, on four sets."""
FIRST, SECOND = 1, 2
"""Different divisions into folds, averaged, of the two passes."""
SURE = 0.8
"""Probability of another class above which a label isn't learned from in the second pass."""


def components(features: Array, width: int = WIDTH) -> Array:
    """Return the projection [n, at most ``width``] onto the principal components."""
    count, whole = features.shape
    if whole <= width:
        return features
    if count < whole:  # the same from the products of images, of which there are fewer
        values, vectors = np.linalg.eigh(features.astype(np.float64) @ features.T)
        kept = slice(-min(width, count), None)
        return np.asarray(vectors[:, kept] * np.sqrt(np.maximum(values[kept], 0)), np.float32)
    squares = np.zeros((features.shape[1], features.shape[1]))
    for start in range(0, len(features), 4096):
        block = features[start : start + 4096]
        squares += block.T @ block
    _, vectors = np.linalg.eigh(squares)
    return np.asarray(features @ vectors[:, -width:].astype(np.float32), np.float32)


class Passes(NamedTuple):
    """Probabilities [n, classes] of each image, from models that have seen nothing of its unit."""

    first: Probabilities
    """Learned from all labels: calibrated to them, wrong ones included."""
    second: Probabilities
    """Learned without the labels that the first pass is sure are wrong: those can't vouch for each other."""


def out_of_fold(
    features: Array,
    truth: NDArray[np.intp],
    units: NDArray[np.intp],
    classes: int,
    seed: int,
    tick: Callable[[int, int], None] = lambda _done, _total: None,
    trusted: NDArray[np.bool_] | None = None,
) -> Passes:
    """Return what both passes say. ``tick(done, total)`` is called between models and may raise.

    ``trusted`` [n] labels are always learned from. Every class needs at least three units, else ValueError.
    """
    done = 0

    def averaged(rounds: int, learned: NDArray[np.bool_]) -> Probabilities:
        nonlocal done
        mean = np.zeros((len(truth), classes))
        for _ in range(rounds):
            found = once(features, truth, units, classes, seed * 100 + done, learned)
            if found is None:
                raise ValueError("expected at least three units of every class")
            mean += found / rounds
            done += 1
            tick(done, FIRST + SECOND)
        return mean

    first = averaged(FIRST, np.ones(len(truth), bool))
    learned = ~((first.argmax(axis=1) != truth) & (first.max(axis=1) > SURE))
    if trusted is not None:
        learned |= trusted
    learned |= _only_ones(truth, learned, classes)
    return Passes(first, averaged(SECOND, learned))


def _only_ones(truth: NDArray[np.intp], learned: NDArray[np.bool_], classes: int) -> NDArray[np.bool_]:
    """Return the images of classes that would lose more than half of theirs: they are learned from."""
    kept = np.bincount(truth[learned], minlength=classes)
    return np.asarray((2 * kept < np.bincount(truth, minlength=classes))[truth])


def once(
    features: Array,
    truth: NDArray[np.intp],
    units: NDArray[np.intp],
    classes: int,
    seed: int,
    learned: NDArray[np.bool_] | None = None,
) -> Probabilities | None:
    """Return what models of one division into folds say; None where a class has fewer than three units.

    ``learned`` [n]: the images learned from, all unless given; of a class that would be left out, all.
    """
    from sklearn.linear_model import LogisticRegression

    folds = group_folds(truth, units.astype(str).tolist(), classes, seed)
    if folds is None:
        return None
    learned = np.ones(len(truth), bool) if learned is None else learned
    found = np.zeros((len(truth), classes))
    strength = min(max(STRENGTH / len(truth), 0.01), 0.1)
    # A work so small gains nothing from threads, and took up to fifty times as long on a busy computer.
    with threadpool_limits(1, "blas"):
        for fold in range(int(folds.max()) + 1):
            out = folds == fold
            rows = ~out & learned
            # Of a class of few units, all that is learned from may stand in the fold itself.
            rows |= ~out & ~np.isin(truth, truth[rows])
            model = LogisticRegression(C=strength, max_iter=300, tol=1e-3)
            model.fit(features[rows], truth[rows])
            found[np.ix_(out, model.classes_)] = model.predict_proba(features[out])
    return found
