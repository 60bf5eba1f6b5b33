"""Who is on an image: patients by labels file, DICOM PatientID or file name, as pseudonyms."""

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from counterpoise.core.errors import CounterpoiseError, UsageError
from counterpoise.core.study.secret import pseudonym

GroupSource = Literal["csv", "patient-id", "name", "none"]

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


def compile_pattern(group_by: str) -> re.Pattern[str]:
    """Return the REGEX of ``name:REGEX``; raises UsageError unless it works and has a group.

    >>> compile_pattern("name:^([^_]+)_").search("1a2b_003.png").group(1)
    '1a2b'
    """
    text = group_by.removeprefix("name:")
    try:
        pattern = re.compile(text)
    except re.error as error:
        raise UsageError(
            f"The pattern '{text}' of data.group_by is no regular expression: {error}. "
            "Expected one such as 'name:^([^_]+)_'."
        ) from None
    if not pattern.groups:
        raise UsageError(
            f"The pattern '{text}' of data.group_by has no group, so it names no patient. "
            "Put the part that tells patients apart in parentheses, as in 'name:^([^_]+)_'."
        )
    return pattern


def patient_in_name(pattern: re.Pattern[str], path: str) -> str:
    """Return group 1 of the pattern in the file name; empty where it doesn't fit."""
    match = pattern.search(path.rpartition("/")[2])
    return (match.group(1) or "") if match else ""


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
    return "none" if group_by == "none" else "name"


def find_groups(group_by: str, origins: Sequence[Origin], secret: bytes) -> tuple[GroupSource, list[str]]:
    """Return the source of patients and a pseudonym per image, empty where the patient is unknown.

    Frames of one file are of one patient, also where nobody knows which.
    """
    source = choose_source(group_by, origins)
    pattern = compile_pattern(group_by) if source == "name" else None
    known: dict[str, str] = {}

    def named(text: str) -> str:
        if text not in known:
            known[text] = pseudonym(secret, text)
        return known[text]

    groups = []
    for origin in origins:
        if source == "patient-id":
            group = origin.patient
        else:
            text = origin.csv if source == "csv" and origin.csv.casefold() not in _NOBODY else ""
            if pattern is not None:
                text = patient_in_name(pattern, origin.path)
            group = named(text) if text else ""
        groups.append(
            group or (named(f"file:{origin.path}") if origin.several and group_by != "none" else "")
        )
    return source, groups
