"""Whether EXIF tags or text chunks hold names, dates or record numbers: kinds only, never values."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from counterpoise.core.catalog.readers.frame import Note

KINDS = ("name", "date", "record number", "place")
_NAME_KEY = re.compile(r"patient|\bname\b|author|artist|owner|operator|physician|photographer|creator", re.I)
_DATE_KEY = re.compile(r"date|creation ?time|\bbirth|\bdob\b", re.I)
_RECORD_KEY = re.compile(r"\bmrn\b|patient ?id|accession|record|\bcase ?(no|number|id)\b", re.I)
_DATE = re.compile(
    r"(?<!\d)(?:19|20)\d\d([-:/.]?)(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01])(?!\d)"
    r"|(?<![\d.])(?:0?[1-9]|[12]\d|3[01])([./-])(?:0?[1-9]|1[0-2])\2(?:19|20)\d\d(?!\d)"
    r"|(?<![\d.])(?:0?[1-9]|1[0-2])/(?:0?[1-9]|[12]\d|3[01])/(?:19|20)\d\d(?!\d)"
)
_NAME = re.compile(
    r"[A-Za-z]{2,}\^[A-Za-z]{2,}|\b(?:[Pp]atient|[Nn]ame)\s*[:=]\s*[A-Za-z]{2,}|\b(?:Mrs?|Frau|Herr)\.? [A-Z]"
)
_RECORD = re.compile(
    r"\b(?:mrn|patient[ _]?id|accession|case (?:no|number)|record (?:no|number))\W{0,3}\w*\d", re.I
)
# Written by programs about themselves or about the file, not by people about people.
_MACHINE_KEY = re.compile(r"^(?:software|date:|xml:|icc|jpeg:|png:|exif:|thumb::|processing)", re.I)
_NOBODY = re.compile(
    r"^\W*(?:(?:anonym\w*|de-?identified|removed|unknown)(?:\W+(?:patient|name|subject))?|none|n/?a|0000.*)?\W*$",
    re.I,
)

EXIF_NAMES = (0x013B, 0xA430, 0x9C9D)  # Artist, CameraOwnerName, XPAuthor
EXIF_DATES = (0x0132, 0x9003, 0x9004)  # DateTime, DateTimeOriginal, DateTimeDigitized
EXIF_TEXTS = (0x010D, 0x010E, 0x9286, 0x9C9B, 0x9C9C, 0x9C9F)  # DocumentName, ImageDescription, comments
EXIF_DETAILS, EXIF_PLACE = 0x8769, 0x8825


def kinds_in_text(key: str, value: str) -> set[str]:
    """Return which of ``KINDS`` a text chunk holds.

    >>> sorted(kinds_in_text("Comment", "MRN 00123, seen 2019-04-02"))
    ['date', 'record number']
    >>> kinds_in_text("Title", "0664ee2b")
    set()
    """
    if _MACHINE_KEY.match(key) or _NOBODY.match(value):
        return set()
    kinds = set()
    if _RECORD_KEY.search(key) or _RECORD.search(value):
        kinds.add("record number")
    elif _NAME_KEY.search(key) or _NAME.search(value):
        kinds.add("name")
    if (_DATE_KEY.search(key) and re.search(r"\d\d", value)) or _DATE.search(value):
        kinds.add("date")
    return kinds


def kinds_in_exif(exif: Mapping[int, Any]) -> set[str]:
    """Return which of ``KINDS`` EXIF (or TIFF) tags hold; ``exif`` maps tag numbers to values."""
    kinds = set()
    if any(not _NOBODY.match(as_text(exif.get(tag))) for tag in EXIF_NAMES):
        kinds.add("name")
    if any(_DATE.search(as_text(exif.get(tag))) for tag in EXIF_DATES):
        kinds.add("date")
    for tag in EXIF_TEXTS:
        kinds |= kinds_in_text("", as_text(exif.get(tag)))
    if exif.get(EXIF_PLACE):
        kinds.add("place")
    return kinds


def tells_of_somebody(value: object) -> bool:
    """Whether a tag holds more than what anonymisation leaves behind.

    >>> tells_of_somebody("Anonymous^Patient"), tells_of_somebody("Doe^Jane"), tells_of_somebody(None)
    (False, True, False)
    """
    return not _NOBODY.match(as_text(value))


def identifier_note(where: str, kinds: Iterable[str]) -> tuple[Note, ...]:
    """Return the note of what was found at ``where`` (``metadata``, ``dicom-tags`` or ``pixels``)."""
    found = sorted(set(kinds))
    return (("identifiers-present", {"where": where, "kinds": found}),) if found else ()


def as_text(value: object) -> str:
    """Return a tag's value as text; bytes as UTF-16 (Windows' own tags) or Latin-1."""
    if value is None:
        return ""
    if isinstance(value, bytes):
        return value.decode("utf-16-le" if value[1:2] == b"\0" else "latin-1", "ignore").strip("\0 ")
    return str(value).strip("\0 ")
