"""The child that reads the images of a study. Imports no Qt: it runs in a process of its own."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from counterpoise.core.catalog.types import Catalog
from counterpoise.core.settings import DataSettings

if TYPE_CHECKING:
    from counterpoise.core.catalog.scan import ScanProgress
    from counterpoise.core.jobs.job import JobContext


@dataclass(frozen=True)
class ScanRequest:
    study: Path
    settings: DataSettings


def scan_study(request: ScanRequest, context: "JobContext") -> Catalog:
    """Scan the sources of a study.

    Sends ``progress`` with the fields of ScanProgress, and ``early`` with a catalog of what was read so far.
    """
    from counterpoise.core.catalog.scan import scan
    from counterpoise.core.catalog.sources import open_sources

    def progress(state: "ScanProgress") -> None:
        context.send("progress", **asdict(state))

    catalog: Catalog = scan(
        open_sources(request.study),
        request.settings,
        progress=progress,
        cancelled=context.cancelled,
        early=lambda catalog: context.send("early", catalog=catalog),
    )
    return catalog
