"""Patterns that names of medical images often follow: each as a setting, and in words."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from counterpoise.core.catalog.groups import PathPattern, compile_pattern

_WORDS = "patient paciente paziente participant subject proband person sujet subj sub case pat pid pt"
BY_WORD = rf"(?i)(?<![a-z])(?:{'|'.join(_WORDS.split())})[-_ ]?([a-z]{{0,4}}[0-9]+)"
"""``patient 12``, ``sub-01``, ``person1``."""
_SINGLE = "_- ."
_MOST_PIECES = 4
_MIXED, _MOST_MIXED = "-_ ", 6
_LETTERS_CHANGE = r"^([A-Za-z]*[0-9]+)[A-Za-z]{1,6}[0-9]*\.[^.]*$"
"""``P12S3.png``, ``12left.png``; the whole name, for a hash would fit in part."""
_SPOKEN = {" ": "space", ".": "dot"}
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")
LEAST_SHARE = 0.5
"""Of the names that have a separator, for patterns with it to be tried."""
_OTHER_FOLDER = "~"
"""Before the number of a folder given for the same class again (``Sources.locate``)."""


@dataclass(frozen=True)
class Candidate:
    """A pattern worth a trial."""

    group_by: str
    """Value of the setting ``data.group_by``."""
    words: str
    """What becomes the patient, to follow "the patient is"."""
    family: str = ""
    """Those of one family take ever more of the name, so that a fault of one may be the next one's too."""
    separators: str = ""
    """Between the pieces of what it finds."""
    alone: bool = False
    """Whether it leaves out the pieces before the patient: tried where these are something else."""
    after_index: bool = False
    """Whether it is tried only where the pieces before number the images."""

    @property
    def by_folder(self) -> bool:
        """Whether it is searched for in the folders."""
        return self.group_by.startswith("folder:")

    @property
    def pattern(self) -> PathPattern:
        return compile_pattern(self.group_by)


def candidates(names: Sequence[str], class_level: int, depth: int, again: bool) -> Iterator[Candidate]:
    """Yield what to try, in the order of preference: words, folders, file names from coarse to fine.

    ``names`` is a sample of file names, ``class_level`` the place of the class among the folders of a path
    (-1: no folder is the class), ``depth`` the most folders of any path, ``again`` whether folders such
    as ``~2`` stand below the class.
    """
    yield Candidate(f"name:{BY_WORD}", "the number after a word such as “patient”")
    yield Candidate(f"folder:{BY_WORD}", "the number after a word such as “patient” in a folder's name")
    for level in range(class_level + 1, min(depth, class_level + 1 + _MOST_PIECES)):
        yield from _folders(level, class_level, again)
    present = [mark for mark in _SINGLE if _share(mark, names) >= LEAST_SHARE]
    for mark in present:
        yield from _pieces(mark, 1 if mark == "." else _MOST_PIECES)
        if mark != ".":
            yield before_last(mark)
    if sum(mark in _MIXED for mark in present) > 1:
        yield from _pieces(_MIXED, _MOST_MIXED)
    yield Candidate(f"name:{_LETTERS_CHANGE}", "the number at the beginning, with the letters before it")


def _share(mark: str, names: Sequence[str]) -> float:
    return sum(mark in name.rpartition(".")[0] for name in names) / max(len(names), 1)


def _folders(level: int, class_level: int, again: bool) -> Iterator[Candidate]:
    other = rf"(?:{_OTHER_FOLDER}[0-9]+/)?" if again else ""
    above = "[^/]+/" * level
    words = _folder_words(level - class_level, class_level >= 0)
    yield Candidate(f"folder:^{above}{other}([^/]+)", words, "folder")
    if level:
        yield Candidate(f"folder:^({above}{other}[^/]+)", f"{words}, with the folders above it", "inside")


def _folder_words(below: int, has_class: bool) -> str:
    if not has_class:
        return "the topmost folder" if below == 1 else f"the {_ORDINALS[below - 1]} folder from the top"
    return (
        "the folder below the class" if below == 1 else f"the {_ORDINALS[below - 1]} folder below the class"
    )


def _pieces(marks: str, most: int) -> Iterator[Candidate]:
    """Yield everything before the first, second ... mark; each but the first also without what is before."""
    piece, mark = f"[^{_in_set(marks)}]+", _one_of(marks)
    for number in range(1, most + 1):
        if number > 1:
            before = f"{piece}{mark}" * (number - 1)
            words = f"what stands between the {_ORDINALS[number - 2]} and the {_mark_words(marks, number)}"
            yield Candidate(f"name:^{before}({piece}){mark}", words, marks, marks, alone=True)
        group = mark.join([piece] * number)
        if number == 2 and len(marks) == 1:
            words = f"what stands after the last {_SPOKEN.get(marks, marks)}"
            after = rf"name:{mark}([^{_in_set(marks)}.]+)\.[^.]*$"
            yield Candidate(after, words, marks, marks, alone=True, after_index=True)
        yield Candidate(
            f"name:^({group}){mark}", f"everything before the {_mark_words(marks, number)}", marks, marks
        )


def before_first(mark: str) -> Candidate:
    """Return the pattern of everything before the first ``mark``."""
    return next(_pieces(mark, 1))


def before_last(mark: str) -> Candidate:
    """Return the pattern of everything before the last ``mark``."""
    regex = f"name:^(.+){_one_of(mark)}[^{_in_set(mark)}]+$"
    return Candidate(regex, f"everything before the last {_SPOKEN.get(mark, mark)}", "", mark)


def _mark_words(marks: str, number: int) -> str:
    """Return ``second _``, or ``second separator (_, - or space)``."""
    spoken = [_SPOKEN.get(mark, mark) for mark in sorted(marks, reverse=True)]
    several = f"separator ({', '.join(spoken[:-1])} or {spoken[-1]})"
    return f"{_ORDINALS[number - 1]} {several if len(marks) > 1 else spoken[0]}"


def _in_set(marks: str) -> str:
    return "".join(mark for mark in marks if mark != "-") + ("-" if "-" in marks else "")


def _one_of(marks: str) -> str:
    return f"[{_in_set(marks)}]" if len(marks) > 1 else marks.replace(".", r"\.")


FOLDER_ABOVE = Candidate("folder:([^/]+)$", "the folder that the image lies in")


def words_of(group_by: str, class_level: int) -> str:
    """Return a pattern in words, as far as it is one of those known here; else empty."""
    known = (candidates(["a_b-c d.e.png"], class_level, 5, again) for again in (False, True))
    each = chain([FOLDER_ABOVE], *known)
    return next((candidate.words for candidate in each if candidate.group_by == group_by), "")


_UNTRIED = re.compile(r"[-_ .]")


def pieces(text: str, separators: str) -> list[str]:
    """Split what a pattern found at its separators.

    >>> pieces("SOB_B_A-14", "-_ ")
    ['SOB', 'B', 'A', '14']
    """
    return re.split(_one_of(separators), text) if separators else _UNTRIED.split(text)
