"""Which images a pass takes, in which order: a function of seed and epoch, so a resumed run agrees."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Sampling = Literal["natural", "balanced"]


def epoch_order(
    truth: NDArray[np.intp], classes: int, sampling: Sampling, seed: int, epoch: int
) -> NDArray[np.intp]:
    """Return the positions [n] to take in a pass.

    Natural: every image once, shuffled. Balanced: n draws, each class equally often (up to one), an
    image of a class again only when all of its class have been taken; classes without images are left out.
    """
    random = np.random.default_rng((seed, epoch))
    n = len(truth)
    if sampling == "natural":
        return random.permutation(n)
    members = [np.flatnonzero(truth == c) for c in range(classes)]
    members = [random.permutation(m) for m in members if len(m)]
    shares = np.full(len(members), n // len(members))
    shares[random.permutation(len(members))[: n % len(members)]] += 1
    drawn = [np.resize(m, share) for m, share in zip(members, shares, strict=True)]
    return random.permutation(np.concatenate(drawn))


def batches(order: NDArray[np.intp], size: int) -> list[NDArray[np.intp]]:
    """Cut an order into batches; a rest too small for a steady gradient (under a quarter) joins the last one.

    >>> [len(b) for b in batches(np.arange(21), 10)]
    [10, 11]
    """
    starts = list(range(0, len(order), size))
    if len(starts) > 1 and len(order) - starts[-1] < size / 4:
        starts.pop()
    return [order[a:b] for a, b in zip(starts, [*starts[1:], len(order)], strict=True)]
