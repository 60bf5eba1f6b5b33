"""What the user changed about single images: an append-only file, in which an undo is an entry too.

What was done in one go carries one mark (``batch``), is written in one go, and is undone by one entry.
"""

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.study.lock import locked

Kind = Literal["relabel", "exclude", "restore", "move", "undo", "redo"]
KINDS = ("relabel", "exclude", "restore", "move", "undo", "redo")


@dataclass(frozen=True, slots=True)
class Edit:
    """One change to one image."""

    kind: Kind
    path: str = ""
    """The catalog's path of the image; empty for undo and redo."""
    frame: int = -1
    value: str = ""
    """The new label (relabel) or part (move)."""
    was: str = ""
    """The label (relabel) or part (all others) before; files of earlier versions don't say it."""
    batch: str = ""
    """The same for all that was done in one go; empty for an edit of its own."""


Batch = tuple[Edit, ...]
"""What one undo takes back, and one redo puts back; never empty."""


@dataclass(frozen=True)
class History:
    """What can be undone and redone, each with the newest last."""

    done: tuple[Batch, ...] = ()
    undone: tuple[Batch, ...] = ()

    @property
    def in_force(self) -> tuple[Edit, ...]:
        return tuple(edit for batch in self.done for edit in batch)

    def added(self, batch: Batch) -> "History":
        """Return the history after a new change, which ends what could be redone."""
        return History((*self.done, batch))

    def stepped(self, kind: Literal["undo", "redo"]) -> "History":
        """Return the history after an undo or a redo; the same where there is none to do."""
        if kind == "undo" and self.done:
            return History(self.done[:-1], (*self.undone, self.done[-1]))
        if kind == "redo" and self.undone:
            return History((*self.done, self.undone[-1]), self.undone[:-1])
        return self


def read_edits(file: Path) -> tuple[Edit, ...]:
    """Return the edits in force, oldest first: undone ones left out, redone ones put back.

    A line that was cut off while it was written (a crash, a power cut) is passed over; one that is whole
    but unknown raises CounterpoiseError, because what it says would be lost silently.
    """
    return in_force(_entries(file))


def read_history(file: Path) -> History:
    """Return what can be undone and redone; raises as ``read_edits`` does."""
    return history(_entries(file))


def in_force(entries: Iterable[Edit]) -> tuple[Edit, ...]:
    """Apply undo and redo.

    >>> [e.path for e in in_force([Edit("exclude", "a"), Edit("exclude", "b"), Edit("undo")])]
    ['a']
    """
    return history(entries).in_force


def history(entries: Iterable[Edit]) -> History:
    """Sort entries into what was done and what was undone, each change as a whole.

    >>> two = [Edit("exclude", "a", batch="1"), Edit("exclude", "b", batch="1")]
    >>> len(history(two).done), len(history([*two, Edit("undo")]).undone)
    (1, 1)
    """
    done: list[list[Edit]] = []
    undone: list[list[Edit]] = []
    for entry in entries:
        if entry.kind == "undo":
            undone.extend([done.pop()] if done else [])
        elif entry.kind == "redo":
            done.extend([undone.pop()] if undone else [])
        else:
            undone.clear()
            if entry.batch and done and done[-1][0].batch == entry.batch:
                done[-1].append(entry)
            else:
                done.append([entry])
    return History(tuple(map(tuple, done)), tuple(map(tuple, undone)))


def append_edit(file: Path, edit: Edit) -> None:
    """Write one edit behind the others; raises CounterpoiseError where it can't be kept."""
    append_edits(file, [edit])


def append_edits(file: Path, edits: Sequence[Edit]) -> None:
    """Write edits behind the others, all in one go; raises CounterpoiseError where they can't be kept."""
    lines = "".join(map(_line, edits)).encode("utf-8")
    try:
        with locked(file.parent), file.open("ab+") as handle:
            if handle.tell() > 0:
                handle.seek(-1, os.SEEK_END)
                if handle.read(1) != b"\n":  # an earlier line was cut off by a crash
                    lines = b"\n" + lines
            handle.write(lines)
            handle.flush()
            os.fsync(handle.fileno())
    except OSError as error:
        raise CounterpoiseError(
            f"The change can't be kept in {file} ({error.strerror}). Make the folder writable."
        ) from None


def _line(edit: Edit) -> str:
    values = {"kind": edit.kind, "path": edit.path, "frame": edit.frame, "value": edit.value}
    more = {"was": edit.was, "batch": edit.batch}
    return json.dumps(values | {key: text for key, text in more.items() if text}, ensure_ascii=False) + "\n"


def undo_last(file: Path) -> tuple[Edit, ...]:
    """Take back the newest change in force (nothing where there is none); return the edits in force then."""
    return _step(file, "undo")


def redo_last(file: Path) -> tuple[Edit, ...]:
    """Put back what was undone last; return the edits in force then."""
    return _step(file, "redo")


def _step(file: Path, kind: Literal["undo", "redo"]) -> tuple[Edit, ...]:
    before = read_history(file)
    after = before.stepped(kind)
    if after != before:
        append_edit(file, Edit(kind))
    return after.in_force


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
    texts = (edit.path, edit.value, edit.was, edit.batch)
    good = edit.kind in KINDS and all(isinstance(text, str) for text in texts)
    return edit if good and isinstance(edit.frame, int) else None
