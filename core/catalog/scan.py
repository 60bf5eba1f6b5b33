"""From folders to a catalog: list, read what changed, label, group, split, judge."""

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from counterpoise.core.catalog.alike.of_scan import finder
from counterpoise.core.catalog.assemble import assemble
from counterpoise.core.catalog.collecting import no_cycle_search
from counterpoise.core.catalog.early import Early, assemble_early
from counterpoise.core.catalog.listing import list_files
from counterpoise.core.catalog.measure import FileReading
from counterpoise.core.catalog.progress import ScanCancelledError, ScanProgress, Watch
from counterpoise.core.catalog.reading import Keeping, read_all
from counterpoise.core.catalog.roots import Roots
from counterpoise.core.catalog.sources import catalog_file, copies_file, edits_path, secret_folder
from counterpoise.core.catalog.split import check_shares
from counterpoise.core.catalog.store import CatalogStore, drop_oldest
from counterpoise.core.catalog.thumbnail_store import thumbnails_of
from counterpoise.core.catalog.types import Catalog, Sources
from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.settings import DataSettings
from counterpoise.core.study.edits import read_edits
from counterpoise.core.study.places import user_cache_dir
from counterpoise.core.study.secret import read_or_make_secret

__all__ = ["ScanCancelledError", "ScanProgress", "scan"]


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
) -> Catalog:
    """Return the catalog of ``sources`` with its parts and findings.

    Files that haven't changed since the last scan (size and time of change) aren't opened. Readings
    are kept in the study, else in ``cache`` (None: the user's cache folder); nothing is written
    where the images lie. ``early`` is given a catalog of what was read so far now and then, and when
    the scan is cut short. ``copies`` looks for images that show the same picture, too, not only for the
    same pixels. Raises CounterpoiseError where there is no image or a drive has gone,
    ScanCancelledError when ``cancelled`` says so.
    """
    check_shares(settings.val, settings.test)
    sources = with_labels(sources, settings)
    watch, roots = Watch(progress, cancelled), Roots(sources)
    listing = list_files(sources, watch.found)
    secret = read_or_make_secret(secret_folder(sources))
    edits = read_edits(edits_path(sources))
    place = cache or user_cache_dir()
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
        find = (
            finder(readings, store, kept, copies_file(sources, place), watch.judged, workers)
            if copies
            else None
        )
        return assemble(sources, settings, listing, readings, edits, secret, find)


def with_labels(sources: Sources, settings: DataSettings) -> Sources:
    """Return sources with the labels file of the settings, where the sources name none.

    It is looked for from the current folder, then from DATA.
    """
    if settings.labels is None or sources.labels is not None or sources.root is None:
        return sources
    for file in (Path(settings.labels), sources.root / settings.labels):
        if file.is_file():
            return replace(sources, labels=file.absolute())
    raise CounterpoiseError(
        f"The labels file {settings.labels} doesn't exist. Give a CSV file with columns path and label."
    )


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
