"""The guard ``source-lost``: images that have gone while a run needs them."""

import math
import time
from pathlib import Path

from counterpoise.core.findings import MOST_PATHS, Finding, Severity, make_finding
from counterpoise.core.findings.words import count
from counterpoise.core.pixels.decode import Failure
from counterpoise.core.pixels.store import ImagesLostError
from counterpoise.core.training.waiting import wait_until
from counterpoise.core.training.work import Teller, Work

FEW = 10
"""Up to so many files, while others are there, were moved or deleted: no drive brings them back."""
PATIENCE = 30.0
"""Seconds such files are waited for: someone may be writing them anew just now."""
OTHERS = 20
"""Images of the run that are looked for, to tell a lost drive from lost files."""
SAME = 5.0
"""Seconds after the end of a wait in which the next loss belongs to it."""


class LostImages:
    """Waits for images; called with what can't be read, returns when it is worth another try."""

    def __init__(self, work: Work, teller: Teller) -> None:
        self._work, self._teller = work, teller
        self.epoch = 0
        """Passes done, for the events."""
        self._kind = ""
        self._began = 0.0
        self._ended = -math.inf
        self._changing = -math.inf
        """When a file that came back was first found incomplete."""

    def __call__(self, error: ImagesLostError) -> None:
        """Wait; raises ``error`` where that is of no use, Interrupted where a pause is asked for.

        A drive or folder is waited for as long as it takes, single files for ``PATIENCE``. A file that is
        there but isn't the image of the scan can't become it, unless it is being copied back.
        """
        gone, now = error.gone, time.monotonic()
        if not gone and now - self._ended <= SAME and self._teller.waits:
            self._until_copied(error)
            return
        if not gone or not self._teller.waits:
            raise error
        kind = "place" if self._place_has_gone(gone) else "files"
        finding = None
        if kind != self._kind or now - self._ended > SAME:
            self._kind, self._began = kind, now
            finding = self._finding(kind, gone)
        limit = None if kind == "place" else PATIENCE - (now - self._began)
        first = self._work.sources.locate(gone[0].path)
        back = wait_until(
            lambda: _can_be_read(first), self._teller, "source-lost", finding, self.epoch, limit
        )
        self._ended = time.monotonic()
        if not back:
            raise error

    def _until_copied(self, error: ImagesLostError) -> None:
        """Give files that have just come back some time to be complete."""
        now = time.monotonic()
        if now - self._changing > PATIENCE + SAME:
            self._changing = now
        if now - self._changing > PATIENCE:
            raise error
        looks = iter((False, True))
        back = wait_until(lambda: next(looks), self._teller, "source-lost", None, self.epoch)
        self._ended = time.monotonic()
        if not back:
            raise error

    def _place_has_gone(self, gone: tuple[Failure, ...]) -> bool:
        """Whether it isn't a few files alone: many, or all others of the run have gone as well."""
        names = {failure.path for failure in gone}
        others = sorted({image.path for image in self._work.images} - names)
        seen = others[:: max(1, len(others) // OTHERS)][:OTHERS]
        return len(names) > FEW or not any(self._work.sources.locate(path).is_file() for path in seen)

    def _finding(self, kind: str, gone: tuple[Failure, ...]) -> Finding:
        names = sorted({self._work.public_path(failure.path) for failure in gone})
        words = {"first": names[0], "images": count(len(names), "file")}
        return make_finding(
            "source-lost",
            Severity.WARNING,
            {"files": len(names), "reason": gone[0].reason, "seconds": None if kind == "place" else PATIENCE},
            variant=kind,
            words=words | {"seconds": round(PATIENCE)},
            paths=names[:MOST_PATHS],
        )


def _can_be_read(path: Path) -> bool:
    try:
        with path.open("rb", buffering=0) as file:
            file.read(1)
    except OSError:
        return False
    return True
