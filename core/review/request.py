"""What a second look is asked for with. Imports nothing heavy: the window asks too."""

from dataclasses import dataclass
from pathlib import Path

from counterpoise.core.catalog.types import Sources
from counterpoise.core.settings import Settings

TARGET = "counterpoise.core.review.job:review_job"


@dataclass(frozen=True)
class ReviewRequest:
    """Where the images lie and how they are to be looked at. It is pickled into the child."""

    sources: Sources
    settings: Settings
    cache: Path | None = None
    with_test: bool = False
