"""What comes of a pattern on the names in hand: whether its groups may be patients."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from counterpoise.core.catalog.name_candidates import BY_WORD, Candidate
from counterpoise.core.catalog.name_preview import class_level
from counterpoise.core.catalog.not_patients import (
    Match,
    are_dates,
    are_running_numbers,
    are_something_else,
    begin_anew,
    number_the_images,
)

FEWEST_PATIENTS = 5
LARGEST_SHARE = 0.25
"""Of all images for one patient; more is a class or the name of the set."""
LEAST_IMAGES = 1.2
"""On average per patient; with fewer, grouping would change next to nothing."""
LEAST_FIT = 0.5
_SAMPLE = 500
"""Names on which a pattern is tried before it is tried on all."""
_MOST_INDEXES = 50
"""Numbers of images that may come before the patient."""
_FINER = 1.5
"""So many times the groups of a faulty pattern, for one that takes more of the name to be another matter."""


@dataclass(frozen=True)
class Names:
    """Paths in the forms that patterns are tried on."""

    folders: Sequence[str]
    names: Sequence[str]
    labels: Sequence[str]
    classes: frozenset[str]
    """Names of classes and of the folders that stand for them, in folded case."""
    class_level: int
    """Place of the class among the folders; -1 where none is."""

    @classmethod
    def of(cls, files: Mapping[str, str]) -> "Names":
        """Return the forms of these paths, each given with its class."""
        split = [path.rpartition("/") for path in files]
        folders = [folder for folder, _, _ in split]
        level = class_level(files)
        classes = {label.casefold() for label in files.values()}
        classes |= {piece.casefold() for folder in set(folders) for piece in folder.split("/")[: level + 1]}
        return cls(folders, [name for _, _, name in split], list(files.values()), frozenset(classes), level)

    @property
    def step(self) -> int:
        """From one name of the sample to the next."""
        return max(1, len(self.names) // _SAMPLE)

    def searched(self, candidate: Candidate) -> Sequence[str]:
        """Return what the candidate's expression is searched for in."""
        return self.folders if candidate.by_folder else self.names


@dataclass(frozen=True)
class Trial:
    """What came of a candidate."""

    good: bool = False
    fault: bool = False
    """Whether its groups are something else than patients."""
    index: bool = False
    """Whether its groups are numbers of images that come before the patient."""
    anew: bool = False
    """Whether each class numbers them anew."""
    groups: int = 0

    @classmethod
    def of(cls, candidate: Candidate, names: Names, faulty: int) -> "Trial":
        """Try a candidate on a sample, and on all where that looks well.

        A pattern with hardly more groups than the ``faulty`` one that took less of the name has its fault.
        """
        size = len(names.names[:: names.step])
        sample = _matches(candidate, names, names.step)
        groups = Counter(match.patient for match in sample)
        if len(sample) < LEAST_FIT * size:
            return cls()
        if len(groups) < 2:
            return cls(fault=are_dates(sample), groups=len(groups))
        if are_something_else(candidate, sample, names.classes):
            return cls(fault=True, groups=len(groups))
        few_numbers = len(groups) <= _MOST_INDEXES and all(map(str.isdecimal, groups))
        if few_numbers and number_the_images(_matches(candidate, names)):
            return cls(fault=True, index=True, groups=len(groups))
        if max(groups.values()) > 2 * LARGEST_SHARE * size:
            return cls()
        return cls._on_all(candidate, names, faulty)

    @classmethod
    def _on_all(cls, candidate: Candidate, names: Names, faulty: int) -> "Trial":
        regex, searched = candidate.pattern.regex, names.searched(candidate)
        counts = Counter(_group(regex, text) for text in searched)
        fits = len(searched) - counts.pop("", 0)
        if len(counts) < _FINER * faulty:
            return cls(fault=True, groups=len(counts))
        if not (
            len(counts) >= FEWEST_PATIENTS
            and fits >= LEAST_FIT * len(searched)
            and fits / len(counts) >= LEAST_IMAGES
            and max(counts.values()) <= LARGEST_SHARE * len(searched)
        ):
            return cls()
        matches = _matches(candidate, names)
        by_word = BY_WORD in candidate.group_by
        matters = candidate.alone or by_word or candidate.family == "folder"
        anew = matters and begin_anew(matches, names.class_level == 1)
        if are_running_numbers(matches) and (anew or not by_word):
            return cls(fault=True, groups=len(counts))
        return cls(good=True, anew=anew, groups=len(counts))


def _group(regex: re.Pattern[str], text: str) -> str:
    match = regex.search(text)
    return (match[1] or "") if match else ""


def _matches(candidate: Candidate, names: Names, step: int = 1) -> list[Match]:
    regex, searched = candidate.pattern.regex, names.searched(candidate)[::step]
    found = zip(
        map(regex.search, searched), searched, names.folders[::step], names.labels[::step], strict=True
    )
    # What stands before a patient's piece alone parts images as folders do.
    return [
        Match(text, *m.span(1), f"{folder}/{text[: m.start(1)]}" if candidate.alone else folder, label)
        for m, text, folder, label in found
        if m and m[1]
    ]
