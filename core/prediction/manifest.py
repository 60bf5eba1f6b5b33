"""``manifest.json``: the SHA-256 of every file of a model, so that a changed one is noticed."""

import hashlib
import json
import tomllib
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.settings.files import check_format_version, read_json
from counterpoise.core.study.atomic import write_text

NAME = "manifest.json"


class Manifest(BaseModel):
    """Names relative to the folder, with ``/``, and the SHA-256 (hex) of each file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format_version: Literal[1] = 1
    files: dict[str, Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]]


def sha256_of(path: Path) -> str:
    """Return the SHA-256 (hex) of a file; raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_manifest(folder: Path, names: Sequence[str] | None = None) -> Manifest:
    """Write ``manifest.json`` over the files ``names`` (None: all files below ``folder``)."""
    if names is None:
        found = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
        names = [name for name in found if name != NAME]
    manifest = Manifest(files={name: sha256_of(folder / name) for name in sorted(names)})
    write_text(folder / NAME, manifest.model_dump_json(indent=2) + "\n")
    return manifest


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest without looking at the files; raises CounterpoiseError."""
    name = f"{folder} can't be opened as a model: its list of files {NAME}"
    return read_json(folder / NAME, Manifest, name, "Export or train the model anew.")


def verify_manifest(folder: Path) -> Manifest:
    """Compare every listed file with its SHA-256.

    Raises CounterpoiseError for a file that is missing, changed, or lies outside the folder, also by a
    link. Files that aren't listed are of no concern: they are never opened.
    """
    manifest = read_manifest(folder)
    root = folder.resolve()
    for name, expected in manifest.files.items():
        path = PurePosixPath(name)
        unsafe = path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or "\0" in name
        if unsafe or not (folder / path).resolve().is_relative_to(root):
            raise _refused(folder, f"its manifest names '{name}', which lies outside it")
        try:
            received = sha256_of(folder / path)
        except OSError:
            raise _refused(folder, f"its file {name} is missing") from None
        if received != expected:
            _refuse_newer(folder / path)
            raise _refused(folder, f"its file {name} was changed after it was written")
    return manifest


def _refuse_newer(path: Path) -> None:
    """Say so where a changed file claims a format that only a newer Counterpoise knows: that comes first."""
    read = {".json": json.loads, ".toml": tomllib.loads}.get(path.suffix)
    try:
        tables = read(path.read_text(encoding="utf-8")) if read else {}
    except (OSError, ValueError):
        return
    if isinstance(tables, dict) and isinstance(tables.get("format_version"), int):
        check_format_version(tables["format_version"], path)


def _refused(folder: Path, reason: str) -> CounterpoiseError:
    return CounterpoiseError(
        f"The model {folder} is refused: {reason}. Expected the files as they were written; get them again "
        "from where they came from, or export the model anew."
    )
