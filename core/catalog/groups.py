"""Who is on an image: patients by labels file, DICOM PatientID, file name or folder, as pseudonyms."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from counterpoise.core.errors import CounterpoiseError, UsageError
from counterpoise.core.study.secret import pseudonym

GroupSource = Literal["csv", "patient-id", "name", "folder", "none"]
PATTERN_PREFIXES = ("name:", "folder:")
"""Before the regular expression of ``data.group_by``: searched for in the file name, or in its folders."""

_NOBODY = frozenset(("n/a", "na", "nan", "none", "null", "unknown"))
"""What tables hold where a cell is meant to be empty."""


class Origin(NamedTuple):
    """What an image itself offers to tell whose it is."""

    path: str
    csv: str
    """From the labels file, as written."""
    patient: str
    """Pseudonym of the DICOM PatientID."""
    several: bool
    """Whether the file holds more than one frame."""


@dataclass(frozen=True)
class PathPattern:
    """A regular expression whose group 1 is the patient."""

    of: Literal["name", "folder"]
    """What it is searched for in: the file name, or its folders (relative to DATA, with ``/``)."""
    regex: re.Pattern[str]

    def patient(self, path: str) -> str:
        """Return the patient that a catalog path names; empty where the pattern doesn't fit."""
        folders, _, name = path.rpartition("/")
        match = self.regex.search(name if self.of == "name" else folders)
        return (match.group(1) or "") if match else ""


def compile_pattern(group_by: str) -> PathPattern:
    """Return the pattern of ``name:REGEX`` or ``folder:REGEX``.

    Raises UsageError unless it works and has a group.

    >>> compile_pattern("name:^([^_]+)_").patient("a/1a2b_003.png")
    '1a2b'
    >>> compile_pattern("folder:^[^/]+/([^/]+)").patient("a/1a2b/003.png")
    '1a2b'
    """
    of, _, text = group_by.partition(":")
    example = "name:^([^_]+)_" if of == "name" else "folder:^[^/]+/([^/]+)"
    try:
        regex = re.compile(text)
    except re.error as error:
        raise UsageError(
            f"The pattern '{text}' of data.group_by is no regular expression: {error}. "
            f"Expected one such as '{example}'."
        ) from None
    if not regex.groups:
        raise UsageError(
            f"The pattern '{text}' of data.group_by has no group, so it names no patient. "
            f"Put the part that tells patients apart in parentheses, as in '{example}'."
        )
    return PathPattern("name" if of == "name" else "folder", regex)


def choose_source(group_by: str, origins: Sequence[Origin]) -> GroupSource:
    """Return where patients are taken from; ``auto`` is the labels file, else DICOM, else nothing.

    Raises CounterpoiseError where ``csv`` is asked for and no labels file names patients.
    """
    if group_by == "auto":
        if any(origin.csv for origin in origins):
            return "csv"
        return "patient-id" if any(origin.patient for origin in origins) else "none"
    if group_by == "csv":
        if not any(origin.csv for origin in origins):
            raise CounterpoiseError(
                "data.group_by is csv, but no labels file with a filled column 'patient' was given. "
                "Give one with --labels, or choose another way to tell patients apart."
            )
        return "csv"
    if group_by == "patient-id":
        return "patient-id"
    if group_by == "none":
        return "none"
    return "folder" if group_by.startswith("folder:") else "name"


def find_groups(group_by: str, origins: Sequence[Origin], secret: bytes) -> tuple[GroupSource, list[str]]:
    """Return the source of patients and a pseudonym per image, empty where the patient is unknown.

    Frames of one file are of one patient, also where nobody knows which. A source that names nobody is none.
    """
    source = choose_source(group_by, origins)
    pattern = compile_pattern(group_by) if source in ("name", "folder") else None
    known: dict[str, str] = {}

    def named(text: str) -> str:
        if text not in known:
            known[text] = pseudonym(secret, text)
        return known[text]

    groups, told = [], False
    for origin in origins:
        if source == "patient-id":
            group = origin.patient
        else:
            text = origin.csv if source == "csv" and origin.csv.casefold() not in _NOBODY else ""
            if pattern is not None:
                text = pattern.patient(origin.path)
            group = named(text) if text else ""
        told = told or bool(group)
        groups.append(
            group or (named(f"file:{origin.path}") if origin.several and group_by != "none" else "")
        )
    return source if told else "none", groups
