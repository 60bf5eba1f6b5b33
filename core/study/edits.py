"""What the user changed about single images: an append-only file, in which an undo is an entry too."""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.study.lock import locked

Kind = Literal["relabel", "exclude", "restore", "move", "undo", "redo"]
KINDS = ("relabel", "exclude", "restore", "move", "undo", "redo")


@dataclass(frozen=True)
class Edit:
    """One change to one image."""

    kind: Kind
    path: str = ""
    """The catalog's path of the image; empty for undo and redo."""
    frame: int = -1
    value: str = ""
    """The new label (relabel) or part (move)."""


def read_edits(file: Path) -> tuple[Edit, ...]:
    """Return the edits in force, oldest first: undone ones left out, redone ones put back.

    A line that was cut off while it was written (a crash, a power cut) is passed over; one that is whole
    but unknown raises CounterpoiseError, because what it says would be lost silently.
    """
    return in_force(_entries(file))


def in_force(entries: Iterable[Edit]) -> tuple[Edit, ...]:
    """Apply undo and redo.

    >>> [e.path for e in in_force([Edit("exclude", "a"), Edit("exclude", "b"), Edit("undo")])]
    ['a']
    """
    done: list[Edit] = []
    undone: list[Edit] = []
    for entry in entries:
        if entry.kind == "undo":
            undone.extend([done.pop()] if done else [])
        elif entry.kind == "redo":
            done.extend([undone.pop()] if undone else [])
        else:
            done.append(entry)
            undone.clear()
    return tuple(done)


def append_edit(file: Path, edit: Edit) -> None:
    """Write one edit behind the others; raises CounterpoiseError where it can't be kept."""
    line = json.dumps(asdict(edit), ensure_ascii=False).encode("utf-8") + b"\n"
    try:
        with locked(file.parent), file.open("ab+") as handle:
            if handle.tell() > 0:
                handle.seek(-1, os.SEEK_END)
                if handle.read(1) != b"\n":  # an earlier line was cut off by a crash
                    line = b"\n" + line
            handle.write(line)
            handle.flush()
            os.fsync(handle.fileno())
    except OSError as error:
        raise CounterpoiseError(
            f"The change can't be kept in {file} ({error.strerror}). Make the folder writable."
        ) from None


def undo_last(file: Path) -> tuple[Edit, ...]:
    """Take back the newest edit in force (nothing where there is none); return those in force then."""
    return _step(file, "undo")


def redo_last(file: Path) -> tuple[Edit, ...]:
    """Put back what was undone last; return the edits in force then."""
    return _step(file, "redo")


def _step(file: Path, kind: Literal["undo", "redo"]) -> tuple[Edit, ...]:
    before = read_edits(file)
    after = in_force([*_entries(file), Edit(kind)])
    if after != before:
        append_edit(file, Edit(kind))
    return after


def _entries(file: Path) -> list[Edit]:
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").split("\n")
    except FileNotFoundError:
        return []
    except OSError as error:
        raise CounterpoiseError(f"The changes in {file} can't be read ({error.strerror}).") from None
    entries = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        entry = _parse(line)
        if entry is not None:
            entries.append(entry)
        elif line.endswith("}"):
            raise CounterpoiseError(
                f"Line {number} of {file} is no change that this Counterpoise knows. "
                "Update it, or mend the line."
            )
    return entries


def _parse(line: str) -> Edit | None:
    try:
        values: Any = json.loads(line)
        edit = Edit(**values)
    except (ValueError, TypeError):
        return None
    good = edit.kind in KINDS and isinstance(edit.path, str) and isinstance(edit.value, str)
    return edit if good and isinstance(edit.frame, int) else None
