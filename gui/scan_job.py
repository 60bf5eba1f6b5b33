"""The child that reads the images of a study. Imports no Qt: it runs in a process of its own."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from counterpoise.core.catalog.types import Catalog
from counterpoise.core.settings import DataSettings

if TYPE_CHECKING:
    from counterpoise.core.catalog.remembered import Recalled, State
    from counterpoise.core.catalog.scan import ScanProgress
    from counterpoise.core.jobs.job import JobContext


@dataclass(frozen=True)
class ScanRequest:
    study: Path
    settings: DataSettings
    known: "State | None" = None
    """Of the catalog that is shown already."""


def last_time(request: ScanRequest) -> "Recalled | None":
    """Return the catalog as the last scan left it, to be shown at once; None where it doesn't hold.

    Only settings, edits and program are compared: what became of the images, the scan finds out.
    """
    from counterpoise.core.catalog.remembered import recall
    from counterpoise.core.catalog.sources import open_sources
    from counterpoise.core.study.places import user_cache_dir

    return recall(open_sources(request.study), request.settings, user_cache_dir())


def scan_study(request: ScanRequest, context: "JobContext") -> Catalog | None:
    """Scan the sources of a study; returns None where everything is as it is known.

    Sends ``progress`` with the fields of ScanProgress, and ``early`` with a catalog of what was read so far.
    """
    from counterpoise.core.catalog.scan import UnchangedError, scan
    from counterpoise.core.catalog.sources import open_sources

    def progress(state: "ScanProgress") -> None:
        context.send("progress", **asdict(state))

    try:
        catalog: Catalog = scan(
            open_sources(request.study),
            request.settings,
            progress=progress,
            cancelled=context.cancelled,
            early=lambda catalog: context.send("early", catalog=catalog),
            known=request.known,
        )
    except UnchangedError:
        return None
    return catalog
