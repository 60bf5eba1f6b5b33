"""Files that are whole or not there: written beside, then put in place."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TextIO


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file in one step, making its folder; raises OSError, the old file then stays as it was."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with _beside(path) as place, place.open("xb") as file:
        file.write(data)
        _sync(file)


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text in one step."""
    write_bytes(path, text.encode("utf-8"))


@contextmanager
def whole_text(path: Path) -> Iterator[TextIO]:
    """Give a UTF-8 file to be written piece by piece; it takes its name when the block ends well.

    Text that is none (a file name in another encoding) is written as escapes. Raises OSError.
    """
    with (
        _beside(path) as place,
        place.open("x", encoding="utf-8", errors="backslashreplace", newline="") as file,
    ):
        yield file
        _sync(file)


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """Give a free name beside ``path`` that replaces it in the end; on a fault nothing is left of it."""
    place = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        yield place
        place.replace(path)
    except BaseException:
        place.unlink(missing_ok=True)
        raise


def _sync(file: IO[bytes] | IO[str]) -> None:
    """Bring what was written onto the disk, so that a power cut can't leave a name without its bytes."""
    file.flush()
    os.fsync(file.fileno())
