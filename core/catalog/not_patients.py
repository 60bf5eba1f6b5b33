"""What in names looks like a patient and is something else: a class, a day, a tile, a running number."""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple

from counterpoise.core.catalog.name_candidates import Candidate, pieces
from counterpoise.core.catalog.privacy import identifying_kinds

_OTHER_WORDS = (
    "tile patch crop x y z row col column slice frame images pictures photos scans fold aug augmented rot "
    "rotated flip batch part chunk split set folder class label grade stage score magnification mag level "
    "page fig figure site center centre hospital clinic ward scanner device camera run view roi"
)
_OTHER = frozenset(_OTHER_WORDS.split())
"""Not img, image or scan: they may name a picture from which several crops come, as in ``img12_003``."""
_WORD_NUMBER = re.compile(r"([a-z]+)[-_ ]?[0-9]*(?:\.[0-9]+)?")
_SIZE = re.compile(r"[0-9]+ ?[x×] ?[0-9]+|[0-9]+x|[0-9]+(?:px|mm|um)", re.IGNORECASE)
_LAST_NUMBER = re.compile(r"([0-9]{1,9})[^0-9]*$")
FEWEST_WORDS = 25
"""Groups named without any digit; fewer are stains, organs, kinds of cells."""
_FINEST_STEP = 16
"""Pixels between two tiles."""
_TOUCH_SAMPLE = 50
_FIRST = 1000
"""Names that mostly tell already."""


class Match(NamedTuple):
    """A name with what a pattern found in it."""

    text: str
    """The part of the path that was searched."""
    start: int
    end: int
    folder: str
    label: str

    @property
    def patient(self) -> str:
        return self.text[self.start : self.end]


def are_something_else(candidate: Candidate, matches: Sequence[Match], classes: Collection[str]) -> bool:
    """Whether the groups are words, classes, days, tiles or sizes rather than patients.

    ``classes`` are the names of classes and of the folders, in folded case.
    """
    found = list(dict.fromkeys(match.patient for match in matches))
    telling = [pieces(text.rpartition("/")[2], candidate.separators) for text in found]

    def most(judged: int) -> bool:
        return judged * 2 > len(found)

    if not candidate.by_folder and most(sum(text.casefold() in classes for text in found)):
        return True
    without_digit = sum(
        not any(map(str.isdigit, "".join(p) if candidate.by_folder else p[-1])) for p in telling
    )
    if most(without_digit) and len(found) < FEWEST_WORDS:
        return True
    if most(sum(_is_other(piece) for piece in telling)) or _are_offsets(telling):
        return True
    return are_dates(matches)


def are_dates(matches: Sequence[Match]) -> bool:
    """Whether the groups are dates, or pieces of dates."""
    sample = matches[:: max(1, len(matches) // _TOUCH_SAMPLE)]
    return sum(map(_touches_date, sample)) * 2 > len(sample)


def _is_other(piece: Sequence[str]) -> bool:
    """Whether a group is called as something that no patient is."""
    last = piece[-1].casefold()
    if _SIZE.fullmatch(last):
        return True
    word = _WORD_NUMBER.fullmatch(last)
    if word and word[1] in _OTHER:
        return True
    before = piece[-2].casefold() if len(piece) > 1 and last.isdigit() else ""
    return before in _OTHER


def _are_offsets(telling: Sequence[Sequence[str]]) -> bool:
    """Whether the last pieces are places of tiles: 0, 256, 512 ..."""
    values = {int(piece[-1]) for piece in telling if piece[-1].isdecimal() and len(piece[-1]) < 9}
    ordered = sorted(values)
    if len(ordered) < 3 or ordered[0] != 0 or len(values) * 2 < len({piece[-1] for piece in telling}):
        return False
    return ordered[1] >= _FINEST_STEP and all(value % ordered[1] == 0 for value in ordered)


def _touches_date(match: Match) -> bool:
    """Whether the group is a date or a piece of one."""
    if "date" not in identifying_kinds(match.text):
        return False
    rest = f"{match.text[: match.start]}|{match.text[match.end :]}"
    return "date" not in identifying_kinds(rest) or "date" in identifying_kinds(match.patient)


def are_running_numbers(matches: Sequence[Match]) -> bool:
    """Whether each folder numbers its images anew, so that a number in two folders means nothing.

    That is: no folder has two images of a group, and the numbers of each folder leave no gap. What stands
    before the group in the name parts images as folders do.
    """
    for some in (matches[:_FIRST], matches):
        if len({(match.folder, match.patient) for match in some}) < len(some):
            return False
    return all(_are_gapless(group) for group in _numbers_by(matches, lambda match: match.folder).values())


def number_the_images(matches: Sequence[Match]) -> bool:
    """Whether the groups are numbers of images, and the patient comes after them: ``002_p17.png``.

    Told by few running numbers, each followed by the same many words.
    """
    groups = {match.patient for match in matches}
    if not all(map(str.isdecimal, groups)) or not _are_gapless({int(group[-9:]) for group in groups}):
        return False
    rests = {match.text[match.end :].rpartition(".")[0].strip("-_ ") for match in matches}
    with_letters = sum(not rest.isdecimal() for rest in rests)
    return len(rests) > 2 * len(groups) and len(matches) > 1.5 * len(rests) and with_letters * 2 > len(rests)


def begin_anew(matches: Sequence[Match], parts: bool = False) -> bool:
    """Whether each class numbers its patients anew: without gaps, and up to different numbers.

    So may what stands before the patient, such as a clinic; with ``parts`` also the topmost folder, which
    is the user's part then.

    >>> a, b = [[Match(str(n), 0, len(str(n)), c, c) for n in range(m)] for c, m in (("a", 30), ("b", 20))]
    >>> begin_anew(a + b)
    True
    """
    kinds = [
        _numbers_by(matches, lambda match: match.label),
        _numbers_by(matches, lambda match: match.text[: match.start]),
    ]
    if parts:
        kinds.append(_numbers_by(matches, lambda match: match.folder.partition("/")[0]))
    return any(
        len(by) > 1
        and all(len(numbers) > 2 and _are_gapless(numbers) for numbers in by.values())
        and len({max(numbers) for numbers in by.values()}) > 1
        for by in kinds
    )


def _numbers_by(matches: Sequence[Match], what: Callable[[Match], str]) -> Mapping[str, set[int]]:
    """Return the numbers at the end of the groups; -1 where there is none."""
    found: dict[str, set[int]] = defaultdict(set)
    known: dict[str, int] = {}
    for match in matches:
        text = match.patient
        if text not in known:
            digits = _LAST_NUMBER.search(text)
            known[text] = int(digits[1]) if digits else -1
        found[what(match)].add(known[text])
    return found


def _are_gapless(numbers: Collection[int]) -> bool:
    low, high = min(numbers), max(numbers)
    return low in (0, 1) and high - low + 1 <= 1.05 * len(numbers) + 1
