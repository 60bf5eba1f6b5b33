"""What edits and settings change about single images."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from counterpoise.core.catalog.types import PARTS, Key, Part
from counterpoise.core.study.edits import Edit


@dataclass(frozen=True)
class Changes:
    labels: dict[Key, str] = field(default_factory=dict)
    excluded: frozenset[Key] = frozenset()
    parts: dict[Key, Part] = field(default_factory=dict)


def changes(edits: Iterable[Edit], exclude: Sequence[str], keys: Sequence[Key]) -> Changes:
    """Return what ``edits`` and ``data.exclude`` change; later edits win, unknown images don't matter."""
    labels: dict[Key, str] = {}
    excluded = set(_named(keys, exclude))
    parts: dict[Key, Part] = {}
    own = set(keys)
    for edit in edits:
        key = (edit.path, edit.frame)
        if key not in own:
            continue
        if edit.kind == "relabel" and edit.value:
            labels[key] = edit.value
        elif edit.kind == "exclude":
            excluded.add(key)
        elif edit.kind == "restore":
            excluded.discard(key)
        elif edit.kind == "move" and edit.value in PARTS:
            parts[key] = edit.value
    return Changes(labels, frozenset(excluded), parts)


def _named(keys: Sequence[Key], exclude: Sequence[str]) -> Iterable[Key]:
    """Return the images that ``data.exclude`` names by file or by folder."""
    if not exclude:
        return ()
    named = {entry.replace("\\", "/").removeprefix("./").rstrip("/") for entry in exclude} | set(exclude)

    def is_named(path: str) -> bool:
        parts = path.split("/")
        return any("/".join(parts[:depth]) in named for depth in range(1, len(parts) + 1))

    return (key for key in keys if is_named(key[0]))
