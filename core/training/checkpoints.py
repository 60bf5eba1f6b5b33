"""Saved states of a training: written whole or not at all, checked by hash, the last two kept."""

import contextlib
import hashlib
import json
import os
import re
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from counterpoise.core.errors import CounterpoiseError, is_disk_full
from counterpoise.core.findings.words import size

KEPT = 2
HASH_BYTES = 32
NAME = re.compile(r"(\d{8})\.state")

State = tuple[dict[str, NDArray[Any]], dict[str, Any]]
"""Arrays by name, and plain values."""


class Checkpoints:
    """The folder of a run's saved states: files of a SHA-256 and a NumPy zip without pickles."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def save(self, arrays: Mapping[str, NDArray[Any]], plain: Mapping[str, Any]) -> None:
        """Save a state after the last one; raises CounterpoiseError where the disk is full."""
        number = max(self._numbers(), default=0) + 1
        buffer = BytesIO()
        text = np.frombuffer(json.dumps(plain).encode(), np.uint8)
        # Any: the names of arrays are given as keywords, which numpy's types take for its own.
        named: dict[str, Any] = {f"array/{key}": value for key, value in arrays.items()}
        np.savez(buffer, plain=text, **named)
        body = buffer.getbuffer()
        path = self._path(number)
        partial = path.with_suffix(".partial")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with partial.open("wb") as file:
                file.write(hashlib.sha256(body).digest())
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(path)
            _sync_folder(self.folder)
        except OSError as error:
            with contextlib.suppress(OSError):
                partial.unlink(missing_ok=True)
            if not is_disk_full(error):
                raise
            raise CounterpoiseError(
                f"The disk is full: the state of the training needs {size(len(body))}. The one "
                "before it is kept. Free some space, then go on with --resume."
            ) from None
        for old in sorted(self._numbers())[:-KEPT]:
            self._path(old).unlink(missing_ok=True)

    def load(self) -> State | None:
        """Return the newest state whose hash fits; None where there is none."""
        for number in sorted(self._numbers(), reverse=True):
            state = _read(self._path(number))
            if state is not None:
                return state
        return None

    def clear(self) -> None:
        """Remove all states and the folder: the run has finished."""
        if self.folder.is_dir():
            for path in self.folder.iterdir():
                path.unlink(missing_ok=True)
            self.folder.rmdir()

    def _numbers(self) -> list[int]:
        if not self.folder.is_dir():
            return []
        found = (NAME.fullmatch(path.name) for path in self.folder.iterdir())
        return [int(match[1]) for match in found if match]

    def _path(self, number: int) -> Path:
        return self.folder / f"{number:08d}.state"


def _read(path: Path) -> State | None:
    try:
        data = path.read_bytes()
        if hashlib.sha256(memoryview(data)[HASH_BYTES:]).digest() != data[:HASH_BYTES]:
            return None
        with np.load(BytesIO(data[HASH_BYTES:]), allow_pickle=False) as file:
            plain = json.loads(file["plain"].tobytes())
            arrays = {key.removeprefix("array/"): file[key] for key in file.files if key != "plain"}
    except (OSError, ValueError, KeyError):
        return None
    return arrays, plain


def _sync_folder(folder: Path) -> None:
    """Let the new name itself reach the disk (not on Windows, which can't open folders)."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
