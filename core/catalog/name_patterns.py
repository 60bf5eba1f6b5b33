"""What in file and folder names looks like a patient: patterns to propose, never to apply by themselves."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from counterpoise.core.catalog.name_candidates import BY_WORD, Candidate, candidates
from counterpoise.core.catalog.name_preview import Preview, class_level, preview
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
MOST_PROPOSALS = 3
_SAMPLE = 500
"""Names on which a pattern is tried before it is tried on all."""
_MOST_INDEXES = 50
"""Numbers of images that may come before the patient."""
_FINER = 1.5
"""So many times the groups of a faulty pattern, for one that takes more of the name to be another matter."""


def propose(files: Mapping[str, str], most: int = MOST_PROPOSALS) -> tuple[Preview, ...]:
    """Return plausible patterns for these paths (each with its class), the likeliest first.

    >>> patients = ("1a2b", "9f00", "77de", "c0c0", "5e5e")
    >>> names = {f"a/{p}_{i}.png": "a" for p in patients for i in range(3)}
    >>> propose(names)[0].group_by
    'name:^([^_]+)_'
    """
    names = Names.of(files)
    found: list[Preview] = []
    seen: set[tuple[int, ...]] = set()
    for candidate in plausible(names):
        tried = preview(candidate.pattern, candidate.group_by, files, names.class_level)
        partition = (tried.patients, tried.fits, tried.fewest, tried.most, tried.in_several_classes)
        if partition not in seen:
            seen.add(partition)
            found.append(tried)
        if len(found) == most:
            break
    return tuple(found)


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
        split = [path.rpartition("/") for path in files]
        folders = [folder for folder, _, _ in split]
        level = class_level(files)
        classes = {label.casefold() for label in files.values()}
        classes |= {piece.casefold() for folder in set(folders) for piece in folder.split("/")[: level + 1]}
        return cls(folders, [name for _, _, name in split], list(files.values()), frozenset(classes), level)

    def searched(self, candidate: Candidate) -> Sequence[str]:
        """Return what the candidate's expression is searched for in."""
        return self.folders if candidate.group_by.startswith("folder:") else self.names


def plausible(names: Names) -> Iterator[Candidate]:
    """Yield the candidates whose groups may be patients, in the order of preference."""
    step = max(1, len(names.names) // _SAMPLE)
    depth = max((folder.count("/") + 1 for folder in set(names.folders) if folder), default=0)
    again = any(re.search(r"/~[0-9]+(/|$)", folder) for folder in set(names.folders))
    faulty: dict[str, int] = {}
    """Groups of the last pattern of a family, where they were something else than patients."""
    indexes: set[str] = set()
    """Families in which a pattern found the numbers of images."""
    waiting: list[Candidate] = []
    """Plausible, but numbers begin anew in each class: what keeps the classes apart is better."""
    folder_found = False
    for candidate in candidates(names.names[::step], names.class_level, depth, again):
        family = candidate.family
        if candidate.alone and (family not in faulty or (candidate.after_index and family not in indexes)):
            continue
        if (family == "inside" and not waiting) or (family == "folder" and folder_found):
            continue
        trial = _Trial.of(candidate, names, step, faulty.get(family, 0))
        if trial.fault and not candidate.alone:
            faulty[family] = trial.groups
            if trial.index:
                indexes.add(family)
        elif not candidate.alone:
            faulty.pop(family, None)
        if trial.good and trial.anew and (candidate.alone or family == "folder"):
            waiting.append(candidate)
            continue
        folder_found = folder_found or (trial.good and candidate.group_by.startswith("folder:"))
        if trial.good:
            yield candidate
        yield from waiting
        waiting.clear()


@dataclass(frozen=True)
class _Trial:
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
    def of(cls, candidate: Candidate, names: Names, step: int, faulty: int) -> "_Trial":
        """Try a candidate on a sample, and on all where that looks well.

        A pattern with hardly more groups than the ``faulty`` one that took less of the name has its fault.
        """
        regex, searched = candidate.pattern.regex, names.searched(candidate)
        sample = _matches(candidate, names, step)
        few = Counter(match.patient for match in sample)
        if len(sample) < LEAST_FIT * len(searched[::step]):
            return cls()
        if len(few) < 2:
            return cls(fault=are_dates(sample), groups=len(few))
        if are_something_else(candidate, sample, names.classes):
            return cls(fault=True, groups=len(few))
        few_numbers = len(few) <= _MOST_INDEXES and all(map(str.isdecimal, few))
        if few_numbers and number_the_images(_matches(candidate, names)):
            return cls(fault=True, index=True, groups=len(few))
        if max(few.values()) > 2 * LARGEST_SHARE * len(searched[::step]):
            return cls()
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
    if candidate.alone:  # what stands before the patient parts images as folders do
        return [
            Match(text, *m.span(1), f"{folder}/{text[: m.start(1)]}", label)
            for m, text, folder, label in found
            if m and m[1]
        ]
    return [Match(text, *m.span(1), folder, label) for m, text, folder, label in found if m and m[1]]
