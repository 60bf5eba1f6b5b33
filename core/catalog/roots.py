"""Whether the folders of the images are still the ones that were listed."""

import os
from pathlib import Path

from counterpoise.core.catalog.listing import roots_of
from counterpoise.core.catalog.types import Sources
from counterpoise.core.errors import CounterpoiseError


class SourceGoneError(CounterpoiseError):
    """A folder of images went away while they were read; what was read is kept for the next scan."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"The folder {folder} isn't there any more. Connect its drive, or say where it is now; "
            "what was read of it is kept, and reading goes on from there."
        )


class Roots:
    """Remembers the folders of ``sources`` as they are now."""

    def __init__(self, sources: Sources) -> None:
        self._before = {folder: _identity(folder) for folder in roots_of(sources)}

    def check(self, file: str) -> None:
        """Raise SourceGoneError where a folder on the way to ``file``, which can't be read, is gone.

        A root counts as gone where it is another one now: an unmounted drive leaves an empty folder.
        """
        for folder, before in self._before.items():
            if _identity(folder) != before:
                raise SourceGoneError(folder)
        gone = None
        for folder in Path(file).parents:
            if folder in self._before or _is_there(folder):
                break
            gone = folder
        if gone is not None:
            raise SourceGoneError(gone)


def _identity(folder: Path) -> tuple[int, int] | None:
    try:
        with os.scandir(folder) as entries:  # a drive that was pulled may still answer from memory
            next(entries, None)
        status = folder.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _is_there(folder: Path) -> bool:
    try:
        return folder.is_dir()
    except OSError:
        return False
