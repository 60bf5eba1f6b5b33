"""Saved states of a training: written whole or not at all, checked by hash, the last two kept."""

import contextlib
import hashlib
import json
import os
import re
import zipfile
from collections.abc import Callable, Mapping
from io import BufferedRandom
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from counterpoise.core.errors import CounterpoiseError, DiskFullError, is_disk_full
from counterpoise.core.findings import Finding, Severity, make_finding
from counterpoise.core.findings.words import size
from counterpoise.core.settings.files import check_format_version
from counterpoise.core.study.run_folder import RunFolder, gone
from counterpoise.core.training.record import RunConfig
from counterpoise.core.training.work import Teller, Work

FORMAT_VERSION = 1
KEPT = 2
HASH_BYTES = 32
NAME = re.compile(r"(\d{8})\.(?:state|partial)")

State = tuple[dict[str, NDArray[Any]], dict[str, Any]]
"""Arrays by name, and plain values."""


class Checkpoints:
    """The folder of a run's saved states: files of a SHA-256 and a NumPy zip without pickles.

    ``of`` names the run and its settings (``identity``): a state of another one is refused. ``tell`` hears
    of a state that was damaged and passed over.
    """

    def __init__(
        self, folder: Path, of: str | None = None, tell: Callable[[Finding], None] | None = None
    ) -> None:
        self.folder = folder
        self._of = of
        self._tell = tell
        self._damaged: set[int] = set()

    def save(self, arrays: Mapping[str, NDArray[Any]], plain: Mapping[str, Any]) -> None:
        """Save a state after the last one.

        Raises DiskFullError where there is no room for it (the state before is kept), CounterpoiseError
        where the run's folder has gone.
        """
        numbers = self._numbers()
        path = self._path(max(numbers, default=0) + 1)
        partial = path.with_suffix(".partial")
        try:
            self.folder.mkdir(exist_ok=True)
            with partial.open("w+b") as file:
                self._write(file, arrays, plain)
            partial.replace(path)
            _sync_folder(self.folder)
        except OSError as error:
            with contextlib.suppress(OSError):
                partial.unlink(missing_ok=True)
            if not self.folder.parent.is_dir():
                raise gone(RunFolder(self.folder.parent)) from None
            if not is_disk_full(error):
                raise
            needed = sum(array.nbytes for array in arrays.values())
            raise DiskFullError(
                f"The disk is full: the state of the training needs {size(needed)}. The one before it is "
                "kept. Free some space, then go on with --resume."
            ) from None
        # A damaged state must not push a good one out.
        good = [number for number in numbers if number not in self._damaged][-(KEPT - 1) :]
        for number in set(numbers) - set(good):
            with contextlib.suppress(OSError):
                self._path(number).unlink(missing_ok=True)
        self._damaged.clear()

    def load(self) -> State | None:
        """Return the newest whole state; None where there is none. Damaged ones are told.

        Raises CounterpoiseError where it was written by a newer program, or belongs to another run or to
        other settings.
        """
        numbers = self._numbers()
        for number in reversed(numbers):
            read = _read(self._path(number))
            if read is None:
                self._damaged.add(number)
                continue
            about, state = read
            self._check(about, self._path(number))
            self._say_damaged(number)
            return state
        self._say_damaged(None)
        return None

    def clear(self) -> None:
        """Remove all states and, where nothing else lies in it, the folder: the run has finished."""
        found = list(self.folder.iterdir()) if self.folder.is_dir() else []
        for path in found:
            if NAME.fullmatch(path.name):
                with contextlib.suppress(OSError):  # what stays is in nobody's way
                    path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            self.folder.rmdir()

    def _write(
        self, file: BufferedRandom, arrays: Mapping[str, NDArray[Any]], plain: Mapping[str, Any]
    ) -> None:
        """Write array by array, so that saving doesn't need the memory of a second state."""
        file.write(bytes(HASH_BYTES))
        about = {"format_version": FORMAT_VERSION, "of": self._of}
        # Any: the names of arrays are given as keywords, which numpy's types take for its own.
        named: dict[str, Any] = {f"array/{key}": value for key, value in arrays.items()}
        np.savez(file, about=_as_array(about), plain=_as_array(plain), **named)
        file.seek(HASH_BYTES)
        digest = hashlib.file_digest(file, "sha256").digest()
        file.seek(0)
        file.write(digest)
        file.flush()
        os.fsync(file.fileno())

    def _check(self, about: Mapping[str, Any], path: Path) -> None:
        check_format_version(about.get("format_version", 1), path, FORMAT_VERSION)
        # States of the first version don't say whose they are.
        if self._of is not None and about.get("of") not in (None, self._of):
            raise CounterpoiseError(
                f"The saved state {path} belongs to another run or to other settings: expected one of the "
                "run as config.toml in that folder describes it. Put config.toml back as it was, or delete "
                f"the folder {self.folder.name} to begin the training anew."
            )

    def _say_damaged(self, used: int | None) -> None:
        if self._tell is None or not self._damaged:
            return
        names = sorted(self._path(number).name for number in self._damaged)
        finding = make_finding(
            "process-died",
            Severity.WARNING,
            {"damaged": names, "used": None if used is None else self._path(used).name, "attempt": 0},
            variant="states-damaged" if used is None else "state-damaged",
        )
        self._tell(finding)

    def _numbers(self) -> list[int]:
        if not self.folder.is_dir():
            return []
        found = (NAME.fullmatch(path.name) for path in self.folder.glob("*.state"))
        return sorted(int(match[1]) for match in found if match)

    def _path(self, number: int) -> Path:
        return self.folder / f"{number:08d}.state"


def run_checkpoints(work: Work, config: RunConfig, teller: Teller) -> Checkpoints:
    """Return the saved states of a run whose scaling is fitted; what is damaged becomes a guard event."""
    return Checkpoints(work.run.checkpoints, identity(config), lambda finding: teller.guard(finding, epoch=0))


def identity(config: RunConfig) -> str:
    """Return what ties a saved state to its run: a digest of the whole record, settings and scaling too.

    Without what is as by default, so that a field that a later version adds doesn't change it.
    """
    return hashlib.sha256(config.model_dump_json(exclude_defaults=True).encode()).hexdigest()


def _as_array(value: Mapping[str, Any]) -> NDArray[np.uint8]:
    return np.frombuffer(json.dumps(value).encode(), np.uint8)


def _read(path: Path) -> tuple[dict[str, Any], State] | None:
    """Return what the file says about itself, and its state; None where it is damaged."""
    try:
        with path.open("rb") as file:
            digest = file.read(HASH_BYTES)
            if hashlib.file_digest(file, "sha256").digest() != digest:
                return None
            file.seek(HASH_BYTES)
            with np.load(file, allow_pickle=False) as saved:
                texts = {key: saved[key].tobytes() for key in saved.files if not key.startswith("array/")}
                arrays = {key[len("array/") :]: saved[key] for key in saved.files if key not in texts}
        return json.loads(texts.get("about", b"{}")), (arrays, json.loads(texts["plain"]))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None


def _sync_folder(folder: Path) -> None:
    """Let the new name itself reach the disk (not on Windows, which can't open folders)."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
