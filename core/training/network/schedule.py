"""The learning rate over a training: a short rise, then a cosine down."""

import math

RISE = 0.05
"""Share of the training in which the rate rises from zero: Adam's first steps are its least sure."""
LAST = 0.01
"""Share of the rate that is left at the end."""


def rate_at(share: float, learning_rate: float) -> float:
    """Return the rate after ``share`` (0 to 1) of the training (Loshchilov, Hutter, arXiv 1608.03983).

    >>> rate_at(RISE, 1.0), round(rate_at(1.0, 1.0), 2)
    (1.0, 0.01)
    """
    if share < RISE:
        return learning_rate * max(share / RISE, LAST)
    down = 0.5 * (1 + math.cos(math.pi * min((share - RISE) / (1 - RISE), 1.0)))
    return learning_rate * (LAST + (1 - LAST) * down)
