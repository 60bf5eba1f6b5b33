"""From sketches to copies: neighbours, candidates, and a look at the pixels of those."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from counterpoise.core.catalog.alike.candidates import Candidate, candidates
from counterpoise.core.catalog.alike.confirm import RANKS, Likeness, confirm, rank
from counterpoise.core.catalog.alike.copies import Copies, CopyPair, Picture
from counterpoise.core.catalog.alike.kept import Kept, Verdicts, digest_of
from counterpoise.core.catalog.alike.neighbours import NEIGHBOURS, nearest
from counterpoise.core.catalog.alike.sketch import SIDE
from counterpoise.core.catalog.readers import UnreadableImage, is_harmless
from counterpoise.core.catalog.readers.allowance import allowance
from counterpoise.core.catalog.thumbnail_store import ThumbnailStore
from counterpoise.core.catalog.thumbnails import thumbnail
from counterpoise.core.jobs.pool import Limits, WorkerDied, robust_map

MOST_CANDIDATES = 10_000
_FEW = 100
"""Pairs of harmless files that are compared in this process: starting another takes as long."""
_SIDE = 192
_SECONDS_PER_PAIR = 30.0


def find_copies(
    pictures: Sequence[Picture],
    sketches: Callable[[Iterable[str]], Mapping[str, bytes]],
    kept: Path | None = None,
    pulse: Callable[[float], None] = lambda _: None,
    workers: int | None = None,
    thumbnails: Path | None = None,
) -> Copies:
    """Return the pairs of ``pictures`` (each of another content) that show the same picture.

    ``sketches`` is asked for those of the given contents, unless ``kept`` (a file) holds the result for
    the very same set; verdicts on pairs in it aren't asked for again. Pairs of one patient aren't looked
    for. Pictures are taken from the store in the folder ``thumbnails``, else from their files; a file that
    can't be read any more gives no pair. ``pulse`` hears the share done and may raise.
    """
    by_content = {picture.content: picture for picture in pictures}
    digest = digest_of((content, picture.group) for content, picture in by_content.items())
    before = Kept.read(kept)
    if before.digest == digest:
        return _copies(before.verdicts, before.unchecked, by_content)
    items, unchecked = _worth_a_look(by_content, sketches, lambda share: pulse(share / 2))
    verdicts: Verdicts = {}
    asked = []
    for item in items:
        known = before.verdict(*item.contents, item.grade)
        if known is None:
            asked.append(item)
        else:
            verdicts[item.contents] = (item.grade, known)
    whole = True
    for done, (index, likeness) in enumerate(_compare_all(asked, workers, thumbnails)):
        pulse(0.5 + done / len(asked) / 2)
        if likeness is None:
            whole = False
        else:
            verdicts[asked[index].contents] = (asked[index].grade, likeness)
    # A file that couldn't be read now may be readable the next time.
    Kept(digest if whole else "", verdicts, unchecked).write(kept)
    return replace(_copies(verdicts, unchecked, by_content), whole=whole)


class _Item(NamedTuple):
    """Two images to be compared."""

    a: Picture
    b: Picture
    pair: Candidate

    @property
    def contents(self) -> tuple[str, str]:
        return self.a.content, self.b.content

    @property
    def grade(self) -> int:
        """What a verdict depends on besides the two pictures."""
        return rank(self.pair.standing) + (RANKS if self.pair.mirrored else 0)


def _worth_a_look(
    by_content: Mapping[str, Picture],
    sketches: Callable[[Iterable[str]], Mapping[str, bytes]],
    pulse: Callable[[float], None],
) -> tuple[list[_Item], int]:
    """Return the pairs whose sketches are alike, contents in order, and how many there are beyond them."""
    drawn = [(c, s) for c, s in sorted(sketches(by_content).items()) if len(s) == SIDE**2 and any(s)]
    pictures = [by_content[content] for content, _ in drawn]
    table = np.frombuffer(b"".join(s for _, s in drawn), np.uint8).reshape(-1, SIDE**2)
    found = nearest(table, _numbered([picture.group for picture in pictures]), pulse)
    wanted, unchecked = candidates(found, MOST_CANDIDATES)
    return [_Item(pictures[pair.a], pictures[pair.b], pair) for pair in wanted], unchecked


COMMON = 0.3
"""Share of the images that have a copy, from which on copies must stand out clearly."""
MOSTLY = 0.6
"""Share of the pairs that must do so."""


RESEMBLING, NEAR_PER_COPY, MANY_NEAR = 0.2, 5, 12
"""Share of the images that have a copy or near-copy, near-copies for each copy, and near-copies at all, from
which on a copy may be the nearest of many that resemble each other: it counts as a near-copy."""


def _copies(verdicts: Verdicts, unchecked: int, by_content: Mapping[str, Picture]) -> Copies:
    grades = {pair: grade for pair, (grade, likeness) in verdicts.items() if likeness.kind is not None}
    alike = len({content for pair in grades for content in pair})
    clear = sum(grade % RANKS == 0 for grade in grades.values())
    common = (
        len(by_content) > NEIGHBOURS and alike > COMMON * len(by_content) and clear < MOSTLY * len(grades)
    )
    kinds = Counter(likeness.kind for _, likeness in verdicts.values())
    many = kinds["near"] >= max(MANY_NEAR, NEAR_PER_COPY * kinds["copy"])
    resembling = many and alike > RESEMBLING * len(by_content)
    pairs = []
    for (a, b), (_, likeness) in verdicts.items():
        if likeness.kind is not None:
            first, second = sorted((by_content[a].key, by_content[b].key))
            kind = "near" if resembling else likeness.kind
            pairs.append(CopyPair(first, second, kind, round(likeness.similarity, 4)))
    return Copies(tuple(sorted(pairs, key=lambda pair: (pair.a, pair.b))), unchecked, common)


def _numbered(groups: Sequence[str]) -> np.ndarray | None:
    if not any(groups):
        return None
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(g, len(numbers)) if g else -1 for g in groups], np.int32)


def _compare_all(
    items: Sequence[_Item], workers: int | None, thumbnails: Path | None
) -> Iterator[tuple[int, Likeness | None]]:
    """Yield the likeness of each pair; None where it couldn't be looked at."""
    if len(items) < _FEW and all(is_harmless(p.file) for item in items for p in (item.a, item.b)):
        with threadpool_limits(1, "blas"), _opened(thumbnails) as store:
            yield from ((index, _compare(item, store)) for index, item in enumerate(items))
        return
    work = partial(_compare_alone, thumbnails=thumbnails)
    limits: Limits[_Item] = allowance(_larger_file)
    for index, result in robust_map(work, items, workers=workers, timeout=_SECONDS_PER_PAIR, limits=limits):
        yield index, None if isinstance(result, WorkerDied) else result


def _larger_file(item: _Item) -> str:
    return max(item.a.file, item.b.file, key=lambda file: Path(file).stat().st_size)


def _opened(folder: Path | None) -> AbstractContextManager[ThumbnailStore | None]:
    return nullcontext() if folder is None else closing(ThumbnailStore.open(folder))


def _compare_alone(item: _Item, thumbnails: Path | None) -> Likeness | None:
    return _compare(item, _of_worker(thumbnails))


@cache
def _of_worker(folder: Path | None) -> ThumbnailStore | None:
    """Return what a worker process needs once, and let it compute in one thread.

    (Threads that wait for each other over small products cost a hundred times as much.)
    """
    threadpool_limits(1, "blas")
    return None if folder is None else ThumbnailStore.open(folder)


def _compare(item: _Item, thumbnails: ThumbnailStore | None) -> Likeness | None:
    """Compare two images; None where one can't be read (any more)."""
    try:
        first, second = (_look(picture, thumbnails) for picture in (item.a, item.b))
    except UnreadableImage:
        return None
    if item.pair.mirrored:
        second = np.ascontiguousarray(second[:, ::-1])
    found = confirm(first, second, item.pair.standing, (item.a.size, item.b.size))
    # A mirror image isn't the same picture, though as good as known.
    return replace(found, kind="near") if item.pair.mirrored and found.kind is not None else found


def _look(picture: Picture, thumbnails: ThumbnailStore | None) -> NDArray[np.uint8]:
    kept = thumbnails.get(picture.content) if thumbnails is not None else None
    return kept if kept is not None else thumbnail(Path(picture.file), picture.key[1], _SIDE)
