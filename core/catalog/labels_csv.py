"""Labels from a CSV file: columns path and label, and optional patient and split."""

import csv
import hashlib
import io
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath, PureWindowsPath

from counterpoise.core.catalog.layout import part_of
from counterpoise.core.catalog.types import Part
from counterpoise.core.errors import CounterpoiseError


@dataclass(frozen=True, slots=True)
class LabelRow:
    line: int
    path: str
    """Relative to DATA, with ``/``."""
    label: str
    patient: str
    """As written; empty where unknown. To be turned into a pseudonym at once."""
    part: Part
    """Empty where the row says nothing."""


@dataclass(frozen=True)
class LabelTable:
    """The usable rows of a labels file, and what couldn't be used."""

    rows: tuple[LabelRow, ...]
    problems: tuple[tuple[int, str, str], ...] = ()
    """Line, path and reason of each row that can't be used."""
    has_patients: bool = False
    has_parts: bool = False
    missing: tuple[LabelRow, ...] = field(default=())
    """Rows whose file isn't there (known once the folder has been walked)."""
    digest: str = ""
    """Of the file as it was read."""


def read_labels(file: Path, root: Path) -> LabelTable:
    """Read a labels file; separators ``,`` ``;`` and tab, UTF-8 (UTF-16 by its mark, else Windows-1252).

    Raises CounterpoiseError where it can't be read or lacks a column; faults of single rows are
    returned as problems.
    """
    data = _bytes(file)
    text, above = _without_hint(_text(data))
    reader = csv.DictReader(io.StringIO(text, newline=""), dialect=_dialect(text))
    columns = {(name or "").strip().casefold(): name for name in reader.fieldnames or ()}
    if "path" not in columns or "label" not in columns:
        found = ", ".join(name for name in columns if name) or "none"
        raise CounterpoiseError(
            f"The labels file {file} has the columns {found}; expected path and label, "
            "and optionally patient and split. Name them in its first line."
        )
    rows: dict[str, LabelRow] = {}
    problems: list[tuple[int, str, str]] = []
    try:
        for values in reader:

            def cell(name: str, values: dict[str, str | None] = values) -> str:
                return (values.get(columns.get(name, "")) or "").strip()

            if not any(isinstance(value, str) and value.strip() for value in values.values()):
                continue
            row, reason = _row(
                reader.line_num + above, cell("path"), cell("label"), cell("patient"), cell("split"), root
            )
            before = rows.get(row.path)
            if not reason and before is not None and before.label != row.label:
                reason = f"it has two labels, '{before.label}' and '{row.label}'"
            if reason:
                problems.append((row.line, row.path, reason))
            else:
                rows.setdefault(row.path, row)
    except csv.Error as error:
        raise CounterpoiseError(
            f"The labels file {file} can't be read as CSV (line {reader.line_num + above}: {error}). "
            "Mend that line."
        ) from None
    used = tuple(rows.values())
    return LabelTable(
        used,
        tuple(problems),
        any(r.patient for r in used),
        any(r.part for r in used),
        digest=labels_digest(data),
    )


def labels_digest(data: bytes) -> str:
    """Return what tells one content of a labels file from another."""
    return hashlib.sha256(data).hexdigest()


def _row(line: int, path: str, label: str, patient: str, split: str, root: Path) -> tuple[LabelRow, str]:
    part = part_of(split) if split else ""
    reason = ""
    if not path:
        reason = "it names no file"
    elif not label:
        reason = "it has no label"
    elif part is None:
        reason = f"the split '{split}' is none of train, val and test"
    place = _relative(path, root)
    if place is None and not reason:
        reason = "it lies outside the folder"
    return LabelRow(line, place or path, label, patient, part or ""), reason


def _relative(path: str, root: Path) -> str | None:
    """Return a path relative to DATA with ``/``; None where it leaves DATA."""
    if Path(path).is_absolute():
        return Path(path).relative_to(root).as_posix() if Path(path).is_relative_to(root) else None
    pure = PureWindowsPath(path)
    if pure.drive or pure.root:
        return None
    # A backslash may be part of a name where the system allows it; else it is Windows' separator.
    parts = (PurePosixPath(path) if (root / path).exists() else PurePosixPath(pure.as_posix())).parts
    return None if ".." in parts else "/".join(parts)


def match_files(table: LabelTable, found: Collection[str]) -> tuple[dict[str, LabelRow], LabelTable]:
    """Join rows and files: the row of each found path, and the table with the rows that are missing.

    Names are compared as they are, then in Unicode's composed form (macOS and Windows spell accents
    differently).
    """
    names = set(found)
    composed: dict[str, str] | None = None
    by_path: dict[str, LabelRow] = {}
    missing = []
    for row in table.rows:
        place: str | None = row.path
        if place not in names:
            if composed is None:
                composed = {unicodedata.normalize("NFC", name): name for name in names}
            place = composed.get(unicodedata.normalize("NFC", row.path))
        if place is None:
            missing.append(row)
        else:
            by_path[place] = row
    return by_path, replace(table, missing=tuple(missing))


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise CounterpoiseError(
            f"The labels file {file} can't be read ({error.strerror}). Give a CSV file with columns "
            "path and label."
        ) from None


def _text(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):  # what Excel calls Unicode text
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _without_hint(text: str) -> tuple[str, int]:
    """Drop the first line ``sep=;`` that tells Excel the separator; and say how many lines went."""
    first, _, rest = text.partition("\n")
    return (rest, 1) if first.strip().strip('"').casefold().startswith("sep=") else (text, 0)


def _dialect(text: str) -> type[csv.Dialect]:
    header = text.split("\n", 1)[0]

    class Dialect(csv.excel):
        delimiter = max(",;\t", key=header.count)

    return Dialect
