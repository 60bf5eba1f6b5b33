"""The images that a run knows, wherever and in whatever folders they lie now."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from counterpoise.core.catalog.progress import ScanCancelledError
from counterpoise.core.catalog.scan import scan
from counterpoise.core.catalog.snapshot import SplitRow, missing
from counterpoise.core.catalog.types import Catalog, Sources
from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.settings import DataSettings


def scan_for(sources: Sources, settings: DataSettings, wanted: Sequence[SplitRow], **how: Any) -> Catalog:
    """Scan ``sources`` (``how`` as of ``scan``) for the images of ``wanted``, rows of a run's split.

    Folders that make no sense by themselves (images whose labels stood in a file, moved without it) are
    searched file by file: labels and patients stand in the run. Raises what ``scan`` raises where fewer
    than half of ``wanted`` are found so.
    """
    try:
        return scan(sources, settings, copies=False, **how)
    except ScanCancelledError:
        raise
    except CounterpoiseError as error:
        if sources.root is None or not wanted:
            raise
        plain = settings.model_copy(update={"labels": None, "group_by": "none"})
        try:
            catalog = scan(replace(sources, labels=None, loose=True), plain, copies=False, **how)
        except ScanCancelledError:
            raise
        except CounterpoiseError:
            raise error from None
        if 2 * len(missing(catalog, wanted)) > len(wanted):
            raise
        return catalog
