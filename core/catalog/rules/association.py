"""Whether a property of images goes along with their class."""

from collections.abc import Hashable, Sequence

import numpy as np

STRONG = 0.3
"""Cramér's V from which an association is called clear (Cohen 1988: .3 is medium for two columns)."""
CHANCE = 0.01


def goes_along(values: Sequence[Hashable], labels: Sequence[str]) -> bool:
    """Whether ``values`` and ``labels`` are clearly associated: Cramér's V at least .3, p under .01.

    V = sqrt(chi² / (n (min(rows, columns) - 1))), Cramér 1946; p from the chi² distribution.
    A single odd image among many is no association.
    """
    rows = {value: i for i, value in enumerate(dict.fromkeys(values))}
    columns = {label: i for i, label in enumerate(dict.fromkeys(labels))}
    if len(rows) < 2 or len(columns) < 2:
        return False
    table = np.zeros((len(rows), len(columns)))
    for value, label in zip(values, labels, strict=True):
        table[rows[value], columns[label]] += 1
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    chi2 = float(((table - expected) ** 2 / expected).sum())
    from scipy.special import chdtrc  # takes a fifth of a second to load, and few sets are mixed

    v = (chi2 / (table.sum() * (min(table.shape) - 1))) ** 0.5
    freedom = (len(rows) - 1) * (len(columns) - 1)
    return bool(v >= STRONG and chdtrc(freedom, chi2) < CHANCE)
