"""What in file and folder names looks like a patient: patterns to propose, never to apply by themselves."""

import re
from collections.abc import Iterator, Mapping

from counterpoise.core.catalog.name_candidates import Candidate, candidates
from counterpoise.core.catalog.name_preview import Preview, preview
from counterpoise.core.catalog.name_trial import Names, Trial

MOST_PROPOSALS = 3


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


def plausible(names: Names) -> Iterator[Candidate]:
    """Yield the candidates whose groups may be patients, in the order of preference."""
    folders = set(names.folders)
    depth = max((folder.count("/") + 1 for folder in folders if folder), default=0)
    again = any(re.search(r"/~[0-9]+(/|$)", folder) for folder in folders)
    known = _Known()
    for candidate in candidates(names.names[:: names.step], names.class_level, depth, again):
        if known.makes_needless(candidate):
            continue
        trial = Trial.of(candidate, names, known.faulty.get(candidate.family, 0))
        known.take(candidate, trial)
        if trial.good and trial.anew and (candidate.alone or candidate.family == "folder"):
            known.waiting.append(candidate)
            continue
        if trial.good:
            known.folder_found |= candidate.by_folder
            yield candidate
        yield from known.waiting
        known.waiting.clear()
    yield from known.waiting


class _Known:
    """What the candidates tried so far tell of those to come."""

    def __init__(self) -> None:
        self.faulty: dict[str, int] = {}
        """Groups of the last pattern of a family, where they were something else than patients."""
        self._indexes: set[str] = set()
        """Families in which a pattern found the numbers of images."""
        self.waiting: list[Candidate] = []
        """Plausible, but numbers begin anew in each class: what keeps the classes apart is better."""
        self.folder_found = False

    def makes_needless(self, candidate: Candidate) -> bool:
        """Whether a candidate isn't worth a trial any more."""
        family = candidate.family
        if candidate.alone and (
            family not in self.faulty or (candidate.after_index and family not in self._indexes)
        ):
            return True
        return (family == "inside" and not self.waiting) or (family == "folder" and self.folder_found)

    def take(self, candidate: Candidate, trial: Trial) -> None:
        """Learn from a trial; what is left out before the patient tells nothing of its family."""
        if candidate.alone:
            return
        if not trial.fault:
            self.faulty.pop(candidate.family, None)
            return
        self.faulty[candidate.family] = trial.groups
        if trial.index:
            self._indexes.add(candidate.family)
