"""Every file under a folder, listed once, whatever stands in the way."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from counterpoise.core.catalog.layout import is_folder, is_hidden
from counterpoise.core.catalog.types import Skipped

HIDDEN_FOLDER = "a hidden folder"
"""It isn't entered, so its files aren't counted."""


class Found(NamedTuple):
    """A regular file; links are followed."""

    path: str
    """The prefix given, then relative with ``/``."""
    file: str
    """Absolute."""
    size: int
    mtime_ns: int


def walk(
    folder: str, prefix: str = "", _above: frozenset[tuple[int, int]] = frozenset()
) -> Iterator[Found | Skipped]:
    """Yield the files under ``folder``, and what was passed over with its reason.

    A link to a folder it lies in would never end: such links are passed over. Nothing is opened
    but folders, so pipes and sockets do no harm.
    """
    try:
        status = Path(folder).stat()
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError as error:
        reason = f"the folder can't be opened ({error.strerror})"
        yield Skipped(prefix.rstrip("/"), reason, "unreadable-image")
        return
    identity = (status.st_dev, status.st_ino)
    if identity in _above and identity != (0, 0):
        yield Skipped(prefix.rstrip("/"), "a link back to a folder it lies in")
        return
    below = _above | {identity}
    for entry in entries:
        path = prefix + entry.name
        if not _is_text(entry.name):
            shown = prefix + os.fsencode(entry.name).decode("utf-8", "replace")
            yield Skipped(shown, "its name is no valid text; rename it", "unreadable-image")
        elif is_folder(entry):
            if is_hidden(entry.name):
                yield Skipped(path, HIDDEN_FOLDER)
            else:
                yield from walk(entry.path, path + "/", below)
        else:
            yield _file(entry, path)


def _file(entry: os.DirEntry[str], path: str) -> Found | Skipped:
    if is_hidden(entry.name):
        return Skipped(path, "a hidden file")
    try:
        status = entry.stat()
    except OSError as error:
        if entry.is_symlink():
            return Skipped(path, "a link to a file that isn't there")
        return Skipped(path, f"it can't be looked at ({error.strerror})", "unreadable-image")
    if not stat.S_ISREG(status.st_mode):
        return Skipped(path, "not a regular file")
    return Found(path, entry.path, status.st_size, status.st_mtime_ns)


def _is_text(name: str) -> bool:
    return not any("\udc80" <= letter <= "\udcff" for letter in name) if not name.isascii() else True
