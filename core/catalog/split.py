"""Training, validation and test part: stratified by class, by patient, copies together, seeded."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from counterpoise.core.catalog.types import PARTS, Part
from counterpoise.core.errors import UsageError


class SplitItem(NamedTuple):
    """One image to be put in a part."""

    label: str
    group: str
    """Patient; empty where unknown."""
    content: str
    file: str
    """Frames of one file stay together."""


Table = NDArray[np.float64]


def check_shares(val: float, test: float) -> None:
    """Raise UsageError where validation and test leave nothing to train with."""
    if val + test >= 1:
        raise UsageError(
            f"data.val = {val:g} and data.test = {test:g} leave nothing to train with: "
            "expected a sum below 1. Lower one of them."
        )


LARGEST_FAMILY = 0.05
"""Share of all images by which pairs of copies may enlarge what belongs together anyway: a film whose frames
each resemble the next would else become one piece that no split can place."""
SMALL_FAMILY = 10
"""Images by which they may always enlarge it."""


def make_parts(
    items: Sequence[SplitItem],
    shares: Mapping[Part, float],
    seed: int,
    copies: Iterable[tuple[str, str]] = (),
) -> list[Part]:
    """Return the part of each item.

    ``shares`` gives val and test as shares of the items (0 to 1); the rest is train. What belongs
    together (a patient, copies, frames of one file) forms a unit that is never divided. ``copies`` are
    pairs of contents that show the same picture, the surest first: they are kept together, too, unless
    that would join more than ``LARGEST_FAMILY`` of all images. Units of
    several images are dealt out greedily, those with the rarest class first (iterative
    stratification, Sechidis et al., ECML PKDD 2011); single images then fill each class up to its
    share exactly. A class with as many units as there are parts is in all of them. The result
    depends on labels, groups, contents, copies and seed, not on the order or the place of the files.
    """
    wanted = {part: shares.get(part, 0.0) for part in PARTS[1:] if shares.get(part, 0.0) > 0}
    parts: list[Part] = ["train", *wanted]
    share = np.array([1 - sum(wanted.values()), *wanted.values()])
    labels = sorted({item.label for item in items})
    column = {label: index for index, label in enumerate(labels)}
    units = _units(items, seed, copies)
    table = np.zeros((len(units), len(labels)))
    for row, unit in enumerate(units):
        for index in unit:
            table[row, column[items[index].label]] += 1
    chosen = _assign(table, share)
    result: list[Part] = ["train"] * len(items)
    for row, unit in enumerate(units):
        for index in unit:
            result[index] = parts[chosen[row]]
    return result


def _units(items: Sequence[SplitItem], seed: int, copies: Iterable[tuple[str, str]]) -> list[list[int]]:
    """Join items that share a patient, pixels, file or picture; in an order that only the seed decides."""
    parent = list(range(len(items)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    first: dict[tuple[str, str], int] = {}
    for index, item in enumerate(items):
        for kind, value in (("group", item.group), ("content", item.content), ("file", item.file)):
            if value:
                other = first.setdefault((kind, value), index)
                parent[root(index)] = root(other)
    _join_copies(parent, root, copies, {c: i for (kind, c), i in first.items() if kind == "content"})
    units: dict[int, list[int]] = {}
    for index in range(len(items)):
        units.setdefault(root(index), []).append(index)

    def drawn(unit: list[int]) -> bytes:
        contents = sorted(items[index].content for index in unit)
        return hashlib.sha256(f"{seed}:{contents[0]}:{len(unit)}".encode()).digest()

    return sorted(units.values(), key=drawn)


def _join_copies(
    parent: list[int],
    root: Callable[[int], int],
    copies: Iterable[tuple[str, str]],
    of_content: Mapping[str, int],
) -> None:
    """Join what copies tie together, as long as it doesn't get too large."""
    size = Counter(map(root, range(len(parent))))
    largest = dict(size)
    """Of what had been joined before, in each family."""
    most = max(SMALL_FAMILY, LARGEST_FAMILY * len(parent))
    for pair in copies:
        if not all(content in of_content for content in pair):
            continue
        a, b = (root(of_content[content]) for content in pair)
        core = max(largest[a], largest[b])
        if a != b and size[a] + size[b] - core <= most:
            parent[a] = b
            size[b] += size[a]
            largest[b] = core


def _assign(table: Table, share: Table) -> NDArray[np.intp]:
    """Return the part (an index into ``share``) of each unit; ``table`` is [units, classes] of counts."""
    target = np.outer(share, table.sum(axis=0))
    placed = np.zeros_like(target)
    chosen = np.zeros(len(table), dtype=np.intp)
    size = table.sum(axis=1)
    rarity = np.where(table > 0, table.sum(axis=0), np.inf).min(axis=1, initial=np.inf)
    several = np.flatnonzero(size > 1)
    for unit in several[np.lexsort((-size[several], rarity[several]))]:
        part = _neediest(placed, target, table[unit])
        chosen[unit] = part
        placed[part] += table[unit]
    for label in range(table.shape[1]):
        single = np.flatnonzero((size == 1) & (table[:, label] > 0))
        if single.size:
            room = _quotas(target[:, label] - placed[:, label], single.size, target[:, label])
            chosen[single] = np.repeat(np.arange(len(share)), room)
            placed[:, label] += room
    _fill_gaps(table, chosen, placed)
    return chosen


def _neediest(placed: Table, target: Table, counts: Table) -> int:
    """Return the part where the unit brings counts closest to their targets, in shares of the target."""
    has = counts > 0
    goal = np.maximum(target[:, has], 1e-9)
    before = (placed[:, has] - goal) ** 2
    after = (placed[:, has] + counts[has] - goal) ** 2
    return int(np.argmin(((after - before) / goal).sum(axis=1)))


def _quotas(room: Table, number: int, target: Table) -> NDArray[np.intp]:
    """Divide ``number`` single images over parts as near to ``room`` as whole numbers allow."""
    room = np.maximum(room, 0.0)
    if room.sum() <= 0:
        room = target
    exact = room / room.sum() * number
    quota: NDArray[np.intp] = np.floor(exact).astype(np.intp)
    rest = number - int(quota.sum())
    quota[np.argsort(-(exact - quota), kind="stable")[:rest]] += 1
    return quota


def _fill_gaps(table: Table, chosen: NDArray[np.intp], placed: Table) -> None:
    """Give each class to each part where it has enough units, moving the smallest units possible."""
    for label in np.argsort(table.sum(axis=0), kind="stable"):
        holders = np.flatnonzero(table[:, label] > 0)
        if holders.size < len(placed):
            continue
        for part in range(len(placed)):
            if placed[part, label] > 0:
                continue
            movable = [
                unit
                for unit in holders
                if np.count_nonzero(chosen[holders] == chosen[unit]) > 1 and not _last(table, chosen, unit)
            ]
            if movable:
                unit = min(movable, key=lambda unit: (table[unit].sum(), table[unit, label]))
                placed[chosen[unit]] -= table[unit]
                placed[part] += table[unit]
                chosen[unit] = part


def _last(table: Table, chosen: NDArray[np.intp], unit: np.intp) -> bool:
    """Whether moving ``unit`` would take another class out of its part."""
    here = table[chosen == chosen[unit]].sum(axis=0)
    return bool(np.any((table[unit] > 0) & (here - table[unit] <= 0)))
