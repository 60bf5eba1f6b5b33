"""Pairs of images as findings carry them, for the window to show them beside each other."""

from collections.abc import Iterable, Sequence
from typing import Any

MOST_PAIRS = 200


def pairs_evidence(paths: Sequence[str], pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Return the evidence of a finding with these ``paths``: the number of pairs, and where the first lie.

    >>> pairs_evidence(["a", "b", "c"], [("c", "a")])
    {'n_pairs': 1, 'pairs': [[2, 0]]}
    """
    told = list(pairs)
    place = {path: index for index, path in enumerate(paths)}
    return {"n_pairs": len(told), "pairs": [[place[a], place[b]] for a, b in told[:MOST_PAIRS]]}
