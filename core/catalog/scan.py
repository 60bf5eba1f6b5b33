"""From folders to a catalog: list, read what changed, label, group, split, judge."""

import hashlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from counterpoise.core.catalog.alike.copies import Copies, Picture
from counterpoise.core.catalog.alike.of_scan import finder
from counterpoise.core.catalog.assemble import assemble
from counterpoise.core.catalog.collecting import no_cycle_search
from counterpoise.core.catalog.early import Early, assemble_early
from counterpoise.core.catalog.listing import list_files
from counterpoise.core.catalog.measure import FileReading
from counterpoise.core.catalog.progress import ScanCancelledError, ScanProgress, Watch
from counterpoise.core.catalog.reading import Keeping, read_all
from counterpoise.core.catalog.remembered import State, recall_same, remember, state_of
from counterpoise.core.catalog.roots import Roots
from counterpoise.core.catalog.sources import (
    catalog_file,
    copies_file,
    edits_path,
    secret_folder,
    with_labels,
)
from counterpoise.core.catalog.split import check_shares
from counterpoise.core.catalog.store import CatalogStore, drop_oldest
from counterpoise.core.catalog.thumbnail_store import thumbnails_of
from counterpoise.core.catalog.types import Catalog, Sources
from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.settings import DataSettings
from counterpoise.core.study.edits import read_edits
from counterpoise.core.study.places import user_cache_dir
from counterpoise.core.study.secret import read_or_make_secret

__all__ = ["ScanCancelledError", "ScanProgress", "UnchangedError", "scan"]


class UnchangedError(CounterpoiseError):
    """Everything is as the caller knows it, who wants no second catalog of it."""

    def __init__(self) -> None:
        super().__init__("Nothing has changed since the last scan.")


@no_cycle_search()
def scan(
    sources: Sources,
    settings: DataSettings,
    *,
    cache: Path | None = None,
    progress: Callable[[ScanProgress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    early: Callable[[Catalog], None] | None = None,
    workers: int | None = None,
    copies: bool = True,
    known: State | None = None,
) -> Catalog:
    """Return the catalog of ``sources`` with its parts and findings.

    Files that haven't changed since the last scan (size and time of change) aren't opened; where nothing at
    all has changed, the catalog of then is returned. It and the readings are kept in the study, else in
    ``cache`` (None: the user's cache folder); nothing is written where the images lie. ``early`` is given a
    catalog of what was read so far now and then, and when the scan is cut short. ``copies`` looks for images
    that show the same picture, too, not only for the same pixels. Raises CounterpoiseError where there is no
    image or a drive has gone, ScanCancelledError when ``cancelled`` says so, UnchangedError where the state
    is ``known``.
    """
    check_shares(settings.val, settings.test)
    sources = with_labels(sources, settings)
    watch, roots = Watch(progress, cancelled), Roots(sources)
    listing = list_files(sources, watch.found)
    secret = read_or_make_secret(secret_folder(sources))
    edits = read_edits(edits_path(sources))
    place = cache or user_cache_dir()
    state = state_of(sources, settings, edits, secret, listing) if copies else None
    if state is not None:
        if state == known:
            raise UnchangedError
        before = recall_same(sources, place, state)
        if before is not None:
            watch.knew_all(len(listing.candidates))
            return before
    with (
        _opened(catalog_file(sources, place), secret) as store,
        closing(thumbnails_of(sources, cache)) as kept,
    ):
        first = Early(early, lambda found: assemble_early(sources, settings, listing, found, edits, secret))

        def came(index: int, reading: FileReading, known: bool) -> None:
            if reading.passing:
                roots.check(listing.candidates[index].file)
            first.came(index, reading, known)

        try:
            readings = read_all(listing.candidates, Keeping(store, kept), secret, watch, workers, came)
        except CounterpoiseError:
            first.tell()
            raise
        pairs: list[Copies] = []

        def find(pictures: Sequence[Picture]) -> Copies:
            own = copies_file(sources, place)
            pairs.append(finder(readings, store, kept, own, watch.judged, workers)(pictures))
            return pairs[-1]

        catalog = assemble(sources, settings, listing, readings, edits, secret, find if copies else None)
    lasting = not any(reading.passing for reading in readings) and all(found.whole for found in pairs)
    if state is not None and lasting:
        remember(place, state, catalog)
    return catalog


@contextmanager
def _opened(file: Path, secret: bytes) -> Iterator[CatalogStore | None]:
    """Open the store; None where it can't be: a scan without memory is slower, not wrong."""
    try:
        store = CatalogStore(file, hashlib.sha256(b"catalog" + secret).hexdigest()[:16])
    except (OSError, sqlite3.Error):
        yield None
        return
    with closing(store):
        yield store
    if file.parent.name == "catalogs":
        drop_oldest(file.parent, keep=file)
