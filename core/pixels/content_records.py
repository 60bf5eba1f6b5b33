"""Records by the content of images: found again whatever a file is called, and lent from set to set."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from counterpoise.core.pixels.cache_limit import DEFAULT_CACHE_BYTES, limit_cache
from counterpoise.core.pixels.records import DamagedRecordError, RecordFile
from counterpoise.core.study.atomic import write_bytes

DIGEST_BYTES = 32
"""Of a content, which is a SHA-256."""


class ContentRecords:
    """The records of one set of images. Position i is the i-th of ``contents``; copies share a record."""

    def __init__(self, file: RecordFile, contents: Sequence[str]) -> None:
        self.file = file
        self.distinct = sorted(set(contents))
        """Contents in the order of their records."""
        slot = {content: number for number, content in enumerate(self.distinct)}
        self.slots = np.array([slot[content] for content in contents], np.intp)
        """The record of each position."""

    @classmethod
    def open(
        cls,
        folder: Path,
        form: str,
        contents: Sequence[str],
        shape: Sequence[int],
        dtype: np.dtype[Any],
        most_bytes: int = DEFAULT_CACHE_BYTES,
    ) -> "ContentRecords":
        """Open (or make, its room taken at once) the file of these contents below ``folder``.

        ``form`` names all that a record depends on beside its content. The files used longest ago are
        dropped where all below ``folder`` together pass ``most_bytes``. Raises DiskFullError.
        """
        distinct = sorted(set(contents))
        digests = b"".join(bytes.fromhex(content) for content in distinct)
        name = f"{hashlib.sha256(digests).hexdigest()[:24]}.records"
        path = folder / hashlib.sha256(form.encode()).hexdigest()[:16] / name
        room = len(distinct) * int(np.prod(shape)) * dtype.itemsize
        limit_cache(folder, most_bytes - room, keep=path)
        file = RecordFile.create(path, len(distinct), shape, dtype)
        try:
            write_bytes(path.with_suffix(".contents"), digests)
        except OSError:
            file.close()
            raise
        path.touch()  # the oldest are dropped first
        return cls(file, contents)

    def borrow(self) -> None:
        """Take over what other sets of the same form hold already."""
        own = self.file.path
        wanted = {self.distinct[slot]: int(slot) for slot in np.flatnonzero(~self.file.filled())}
        for listing in own.parent.glob("*.contents"):
            if not wanted:
                return
            if listing.with_suffix(".records") != own:
                self._borrow_from(listing, wanted)

    def _borrow_from(self, listing: Path, wanted: dict[str, int]) -> None:
        try:
            digests = listing.read_bytes()
            other = RecordFile(listing.with_suffix(".records"))
        except (OSError, ValueError):  # dropped meanwhile, or cut off by a crash
            return
        with other:
            filled = other.filled()
            for number in range(min(len(digests) // DIGEST_BYTES, len(filled))):
                content = digests[number * DIGEST_BYTES : (number + 1) * DIGEST_BYTES].hex()
                if content in wanted and filled[number]:
                    try:
                        record: NDArray[Any] = other.read([number])[0]
                    except DamagedRecordError:
                        continue
                    self.file.write(wanted.pop(content), record)
