"""What weighting and sampling did to the probabilities, and how it is undone."""

from collections.abc import Mapping
from typing import Literal

import numpy as np
from numpy.typing import NDArray


def sampling_factors(counts: Mapping[str, int], sampling: Literal["natural", "balanced"]) -> dict[str, float]:
    """Return how many times as often an image of each class is drawn as by natural sampling.

    Balanced sampling draws each class equally often: n / (k n_c) for class c.
    """
    if sampling == "natural":
        return dict.fromkeys(counts, 1.0)
    images, classes = sum(counts.values()), len(counts)
    return {label: images / (classes * max(n_c, 1)) for label, n_c in counts.items()}


def prior_divisors(
    counts: Mapping[str, int],
    weights: Mapping[str, float],
    sampling: Literal["natural", "balanced"] = "natural",
    correct_prior: bool = True,
) -> NDArray[np.float64]:
    """Return w_c of each class in the order of the labels (by name): weight times sampling factor.

    A network trained with weight w_c for class c learns q_c proportional to p_c w_c (Elkan, The
    Foundations of Cost-Sensitive Learning, IJCAI 2001). In a softmax, dividing by w_c is subtracting
    log w_c from the bias. Without correction all are one.
    """
    factors = sampling_factors(counts, sampling)
    labels = sorted(counts)
    if not correct_prior:
        return np.ones(len(labels))
    return np.array([weights[label] * factors[label] for label in labels], dtype=np.float64)
