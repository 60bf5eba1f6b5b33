"""The files that PATH... of ``predict`` stand for."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from counterpoise.core.catalog.layout import SYSTEM_FILES

PASSED_OVER = SYSTEM_FILES | {"dicomdir"}
"""Files that stand beside images without being meant as such."""


@dataclass(frozen=True)
class Candidate:
    file: Path
    shown: str
    """As the caller wrote it, with what lies below a folder added."""


def candidates(paths: Iterable[Path]) -> Iterator[Candidate]:
    """Yield files as given and all files below folders, in the order of names, without holding the list.

    Hidden files and those of the operating system are passed over inside folders; nothing else is, so
    that every file has a row. A path that doesn't exist is yielded: its row says so.
    """
    for path in paths:
        if path.is_dir():
            yield from _below(path, str(path))
        else:
            yield Candidate(path, str(path))


def _below(folder: Path, shown: str) -> Iterator[Candidate]:
    try:
        with os.scandir(folder) as entries:
            found = sorted((entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries)
    except OSError:
        yield Candidate(folder, shown)  # its row says that it can't be opened
        return
    for name, is_folder in found:
        if name.startswith(".") or name.casefold() in PASSED_OVER:
            continue
        if is_folder:
            yield from _below(folder / name, f"{shown}/{name}")
        else:
            yield Candidate(folder / name, f"{shown}/{name}")
