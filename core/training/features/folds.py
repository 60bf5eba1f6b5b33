"""Folds for cross-validation: whole patients, classes spread evenly."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

FOLDS = 5


def group_folds(
    truth: NDArray[np.intp], groups: Sequence[str], classes: int, seed: int, folds: int = FOLDS
) -> NDArray[np.intp] | None:
    """Return the fold [n] of each row, 0 to folds-1, rows of a group in one fold; None if too few.

    Groups are dealt out largest first, each to the fold where it evens out the classes most (the greedy
    rule of stratified group k-fold). A class with fewer groups than folds lowers their number, to 3 at least.
    """
    names, index = np.unique(np.asarray(groups, dtype=object).astype(str), return_inverse=True)
    table = np.zeros((len(names), classes))
    np.add.at(table, (index, truth), 1)
    per_class = (table > 0).sum(axis=0)
    present = per_class[per_class > 0]
    folds = min(folds, int(present.min()) if len(present) else 0)
    if folds < 3:
        return None
    random = np.random.default_rng((seed, 0x0F01D))
    shuffled = random.permutation(len(names))
    # Patients with many images, or of rare classes, are the hardest to place: they come first.
    totals = table.sum(axis=0).clip(1)
    weight = (table / totals).sum(axis=1)
    order = shuffled[np.argsort(-weight[shuffled], kind="stable")]
    filled = np.zeros((folds, classes))
    of_group = np.empty(len(names), np.intp)
    for group in order:
        share = table[group] / totals
        # How full each fold would be for the group's own classes, then how full it is altogether.
        burden = (filled + share) @ share + 1e-3 * filled.sum(axis=1)
        chosen = int(np.argmin(burden))
        of_group[group] = chosen
        filled[chosen] += share
    return of_group[index]
