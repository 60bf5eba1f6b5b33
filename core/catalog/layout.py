"""How a folder of images is laid out: class folders, or part folders that hold class folders."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from counterpoise.core.catalog.types import Part
from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.findings.words import some

_PART_NAMES: dict[str, Part] = {
    "train": "train",
    "training": "train",
    "val": "val",
    "valid": "val",
    "validation": "val",
    "test": "test",
    "testing": "test",
}
SYSTEM_FOLDERS = frozenset({"__macosx", "@eadir", "$recycle.bin", "system volume information"})
SYSTEM_FILES = frozenset({"thumbs.db", "ehthumbs.db", "desktop.ini"})
_SYSTEM = SYSTEM_FOLDERS | SYSTEM_FILES


def part_of(name: str) -> Part | None:
    """Return the part that a folder or a CSV's split names, in any case.

    >>> part_of("Validation")
    'val'
    """
    return _PART_NAMES.get(name.strip().casefold())


def is_hidden(name: str) -> bool:
    """Whether a file or folder belongs to the system, not to the user's images."""
    return name.startswith(".") or name.casefold() in _SYSTEM


@dataclass(frozen=True)
class Layout:
    """``parts`` names the part folders; in a folder of classes it is empty."""

    kind: Literal["classes", "parts"]
    parts: tuple[tuple[str, Part], ...] = ()


def layout_of(root: Path) -> Layout:
    """Tell the layout of DATA from its first two levels; raises CounterpoiseError for parts without classes.

    It has parts where a ``train`` folder holds sub-folders, or where every folder (that holds any)
    is named as a part: so a class that happens to be called "test" stays a class.
    """
    folders = sub_folders(root)
    named = [(name, part) for name in folders if (part := part_of(name))]
    holding = {part for name, part in named if sub_folders(root / name)}
    if "train" in holding or (holding and len(named) == len(folders)):
        return Layout("parts", tuple(named))
    if named and len(named) == len(folders):
        raise CounterpoiseError(
            f"{root} has part folders ({some([name for name, _ in named])}) without class folders in them; "
            f"expected one sub-folder per class, such as {named[0][0]}/normal. Sort the images into class "
            "folders, or give a labels file."
        )
    return Layout("classes")


def own_parts(root: Path) -> dict[str, Part]:
    """Return the part folders of DATA whose labels stand in a file; none without one to train with."""
    parts: dict[str, Part] = {name: part for name in sub_folders(root) if (part := part_of(name))}
    if "train" not in parts.values():
        parts.clear()
    return parts


def sub_folders(folder: Path) -> list[str]:
    """Return the names of the folders in a folder, sorted, without the system's own."""
    try:
        with os.scandir(folder) as entries:
            return sorted(entry.name for entry in entries if not is_hidden(entry.name) and is_folder(entry))
    except OSError:
        return []


def is_folder(entry: os.DirEntry[str]) -> bool:
    """Whether an entry is a folder or a link to one; a link to itself is none."""
    try:
        return entry.is_dir()
    except OSError:
        return False
