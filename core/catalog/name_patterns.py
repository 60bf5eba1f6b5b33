"""What in file names looks like a patient: a pattern to propose, never to apply by itself."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from counterpoise.core.catalog.privacy import identifying_kinds

_WORDS = r"(?i)(?:patient|subject|person|subj|sub|pat|case|pid)[-_ ]?([0-9]+)"
_CANDIDATES = (
    _WORDS,
    r"^([^_]+)_",
    r"^([^_]+_[^_]+)_",
    r"^(.+)_[^_]+$",
    r"^([^-]+)-",
    r"^([^-]+-[^-]+)-",
    r"^(.+)-[^-]+$",
    r"^([^ ]+) ",
)
"""From coarse to fine within each separator, so that the first plausible one groups the most."""
FEWEST_PATIENTS = 5
LARGEST_SHARE = 0.25
"""Of all images for one patient; more is a class or the name of the set."""
LEAST_IMAGES = 1.2
"""On average per patient; with fewer, grouping would change next to nothing."""
LEAST_FIT = 0.5


@dataclass(frozen=True)
class Proposal:
    """A pattern with a preview of what it does."""

    pattern: str
    patients: int
    fits: int
    """Files it finds a patient for."""
    fewest: int
    most: int
    """Files per patient."""
    example: str
    patient: str


def propose_pattern(paths: Sequence[str]) -> Proposal | None:
    """Return the first plausible pattern for these catalog paths, or None.

    >>> names = [f"a/{p}_{i}.png" for p in ("1a2b", "9f00", "77de", "c0c0", "5e5e") for i in range(3)]
    >>> propose_pattern(names).pattern
    '^([^_]+)_'
    """
    names = [path.rpartition("/")[2] for path in paths]
    folders = {part.casefold() for path in paths for part in path.split("/")[:-1]}
    for pattern in _CANDIDATES:
        proposal = _tried(pattern, names, folders)
        if proposal is not None:
            return proposal
    return None


def _tried(pattern: str, names: Sequence[str], folders: set[str]) -> Proposal | None:
    compiled = re.compile(pattern)
    found = [(name, match.group(1)) for name in names if (match := compiled.search(name))]
    if not found or len(found) < LEAST_FIT * len(names):
        return None
    counts = Counter(patient for _, patient in found)
    fewest, most = min(counts.values()), max(counts.values())
    plausible = (
        len(counts) >= FEWEST_PATIENTS
        and most <= LARGEST_SHARE * len(names)
        and len(found) / len(counts) >= LEAST_IMAGES
    )
    if not plausible or _are_something_else(counts, folders):
        return None
    shown = next((pair for pair in found if not identifying_kinds(pair[0])), None)
    if shown is None:  # an example would give someone away
        return None
    name, patient = shown
    return Proposal(pattern, len(counts), len(found), fewest, most, name, patient)


def _are_something_else(counts: Counter[str], folders: set[str]) -> bool:
    """Whether the groups are classes, or days."""
    classes = sum(patient.casefold() in folders for patient in counts)
    days = sum("date" in identifying_kinds(patient) for patient in counts)
    return max(classes, days) * 2 > len(counts)
