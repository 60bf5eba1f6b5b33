"""Labels that a person has looked at and found right: kept beside the edits, so they aren't doubted again."""

import json
from collections.abc import Iterable
from pathlib import Path

from counterpoise.core.catalog.sources import edits_path
from counterpoise.core.catalog.types import Sources
from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.study.lock import locked

Confirmed = frozenset[tuple[str, str]]
"""Content and label: it holds wherever the file lies, and for that label alone."""


def confirmed_path(sources: Sources) -> Path:
    """Return the file: in the study, else in the user's data folder. Older versions don't know it."""
    return edits_path(sources).with_name("confirmed.jsonl")


def read_confirmed(file: Path) -> Confirmed:
    """Return the labels in force; lines that were cut off or are none of ours are passed over."""
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return frozenset()
    except OSError as error:
        raise CounterpoiseError(f"The confirmed labels in {file} can't be read ({error.strerror}).") from None
    found: set[tuple[str, str]] = set()
    for line in lines:
        try:
            entry = json.loads(line)
            key, right = (str(entry["content"]), str(entry["label"])), bool(entry["right"])
        except (ValueError, TypeError, KeyError):
            continue
        if right:
            found.add(key)
        else:
            found.discard(key)
    return frozenset(found)


def write_confirmed(file: Path, labels: Iterable[tuple[str, str]], *, right: bool = True) -> None:
    """Note labels (content, label) as right, or take that back; raises CounterpoiseError."""
    lines = "".join(
        json.dumps({"content": content, "label": label, "right": right}, ensure_ascii=False) + "\n"
        for content, label in labels
    )
    try:
        with locked(file.parent), file.open("ab") as handle:
            # A line that a crash cut off must not swallow this one.
            handle.write(("\n" + lines if handle.tell() else lines).encode("utf-8"))
    except OSError as error:
        raise CounterpoiseError(
            f"That a label is right can't be kept in {file} ({error.strerror}). Make the folder writable."
        ) from None
