"""The catalog of the last scan that ended, kept whole: shown at once, and again where nothing has changed."""

import contextlib
import hashlib
import json
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from counterpoise.core.catalog.catalog_table import from_table, to_table
from counterpoise.core.catalog.labels_csv import labels_digest
from counterpoise.core.catalog.listing import Listing
from counterpoise.core.catalog.sources import (
    edits_path,
    remembered_file,
    secret_folder,
    sources_json,
    with_labels,
)
from counterpoise.core.catalog.table_file import read_table, write_table
from counterpoise.core.catalog.types import Catalog, Sources
from counterpoise.core.settings import DataSettings
from counterpoise.core.study.edits import Edit, read_edits
from counterpoise.core.study.secret import read_or_make_secret

_ROOMS = ("catalog", "findings", "jobs", "settings", "study")
"""Of core: whatever a catalog may depend on."""


class State(NamedTuple):
    """What a catalog was made from, as digests: where both are the same, so is the catalog."""

    inputs: str
    """All but the images: place, settings, edits, labels file, key, and this program itself."""
    files: str
    """Name, size and time of change of every file, and what was passed over."""


class Recalled(NamedTuple):
    catalog: Catalog
    state: State


def state_of(
    sources: Sources, settings: DataSettings, edits: Sequence[Edit], secret: bytes, listing: Listing
) -> State:
    """Return the state of sources that were just listed: of the labels file as it was read for that."""
    labels = listing.table.digest if listing.table is not None else ""
    return State(_inputs(sources, settings, edits, secret, labels), _files(listing))


def recall(sources: Sources, settings: DataSettings, place: Path) -> Recalled | None:
    """Return the catalog kept of these sources where all but the images is as it was then, else None.

    Whether the files are the same still, only their listing can tell. ``place`` is the cache folder of
    sources without a study. Raises CounterpoiseError where edits, key or labels file can't be read.
    """
    file = remembered_file(sources, place)
    if not file.is_file():  # asked first: the key of a study that was never scanned isn't made here
        return None
    sources = with_labels(sources, settings)
    edits = read_edits(edits_path(sources))
    secret = read_or_make_secret(secret_folder(sources))
    try:
        labels = labels_digest(sources.labels.read_bytes()) if sources.labels is not None else ""
    except OSError:
        return None
    return _read(file, State(_inputs(sources, settings, edits, secret, labels), ""), sources)


def recall_same(sources: Sources, place: Path, state: State) -> Catalog | None:
    """Return the catalog kept of these sources where it was made from the same ``state``, else None."""
    file = remembered_file(sources, place)
    found = _read(file, state, sources)
    if found is None:
        return None
    with contextlib.suppress(OSError):
        file.touch()  # the caches used longest ago go first
    return found.catalog


def remember(place: Path, state: State, catalog: Catalog) -> None:
    """Keep a catalog; where that can't be (a full disk), the next scan takes its time."""
    with contextlib.suppress(OSError, ValueError):
        table = to_table(catalog)
        file = remembered_file(catalog.sources, place)
        write_table(file, {**table.values, "state": state}, table.columns)


def _read(file: Path, wanted: State, sources: Sources) -> Recalled | None:
    """Return what ``file`` holds, if of the ``wanted`` state (empty ``files``: of any); it may be damaged."""
    try:
        table = read_table(file)
        state = State(*table.values["state"])
        if state.inputs == wanted.inputs and wanted.files in ("", state.files):
            return Recalled(from_table(table, sources), state)
    except (OSError, ValueError, LookupError, TypeError):
        pass
    return None


def _inputs(
    sources: Sources, settings: DataSettings, edits: Sequence[Edit], secret: bytes, labels: str
) -> str:
    return _digest(
        [
            _program(),
            sources_json(sources),
            settings.model_dump(mode="json"),
            [(edit.kind, edit.path, edit.frame, edit.value) for edit in edits],
            hashlib.sha256(b"remembered" + secret).hexdigest(),
            labels,
        ]
    )


def _files(listing: Listing) -> str:
    skipped = [(entry.path, entry.reason, entry.code) for entry in listing.skipped]
    return _digest([listing.candidates, skipped, sorted(listing.classes)])


def _digest(values: Any) -> str:
    return hashlib.sha256(json.dumps(values, separators=(",", ":")).encode()).hexdigest()


@cache
def _program() -> str:
    """Return a digest of the code that catalogs are made by; packaged, of the program."""
    core = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for file in sorted(file for room in _ROOMS for file in (core / room).rglob("*.py")):
        digest.update(file.read_bytes())
    if getattr(sys, "frozen", False):
        status = Path(sys.executable).stat()
        digest.update(f"{status.st_size} {status.st_mtime_ns}".encode())
    return digest.hexdigest()
