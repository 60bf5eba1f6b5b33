"""Features of images, computed once per content, pixel format, scaling and network."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from counterpoise.core.pixels.content_records import ContentRecords
from counterpoise.core.pixels.records import DamagedRecordError
from counterpoise.core.pixels.store import ImageStore

Array = NDArray[np.float32]
Embed = Callable[[NDArray[np.generic]], Array]
BLOCK = 64
READ_BLOCK = 1024


class FeatureStore:
    """A file of records [width], one per distinct content; position i is the i-th of ``contents``."""

    def __init__(self, records: ContentRecords) -> None:
        self._content_records = records
        self._records, self._slots = records.file, records.slots

    @classmethod
    def open(cls, cache: Path, key: str, contents: Sequence[str], width: int) -> "FeatureStore":
        """Open or make the store below the folder ``cache``.

        ``key`` names all that the values depend on beside the image itself.
        """
        return cls(ContentRecords.open(cache / "features", key, contents, (width,), np.dtype("<f4")))

    def __len__(self) -> int:
        return len(self._slots)

    def fill(
        self,
        images: ImageStore,
        embed: Callable[[], Embed],
        progress: Callable[[int, int], None],
        cancelled: Callable[[], bool],
        block: int = BLOCK,
    ) -> bool:
        """Compute what is missing from ``images`` (same positions); False where it was cancelled.

        ``embed()`` is called only if something is missing. ``block`` images are read while the network
        works on those before.
        """
        self._content_records.borrow()
        missing = self._missing()
        total = self._records.count
        done = total - len(missing)
        progress(done, total)
        if not len(missing):
            return True
        run = embed()
        for positions, pixels in _read_ahead(images, missing, block):
            if cancelled():
                return False
            for position, features in zip(positions, run(pixels), strict=True):
                self._records.write(int(self._slots[position]), np.ascontiguousarray(features, "<f4"))
            done += len(positions)
            progress(done, total)
        return True

    def read(self, positions: NDArray[np.intp]) -> Array:
        """Return features [n, width]; raises DamagedRecordError where the file was changed."""
        return np.asarray(self._records.read(self._slots[positions]), np.float32)

    def close(self) -> None:
        self._records.close()

    def _missing(self) -> NDArray[np.intp]:
        """Return one position per content without (whole) features."""
        _, first = np.unique(self._slots, return_index=True)
        whole = self._whole()
        return np.sort(first[~whole[self._slots[first]]])

    def _whole(self) -> NDArray[np.bool_]:
        """Return which records [slots] can be read: a power cut may leave an entry without its bytes."""
        whole = self._records.filled()
        for start in range(0, len(whole), READ_BLOCK):
            slots = start + np.flatnonzero(whole[start : start + READ_BLOCK])
            try:
                if len(slots):
                    self._records.read(slots)
            except DamagedRecordError:
                whole[slots] = [self._readable(int(slot)) for slot in slots]
        return whole

    def _readable(self, slot: int) -> bool:
        try:
            self._records.read([slot])
        except DamagedRecordError:
            return False
        return True


def _read_ahead(
    images: ImageStore, positions: NDArray[np.intp], size: int
) -> Iterator[tuple[NDArray[np.intp], NDArray[np.generic]]]:
    """Yield blocks of positions and pixels; the next is read while one is worked on."""
    blocks = [positions[start : start + size] for start in range(0, len(positions), size)]
    with ThreadPoolExecutor(1, "read-ahead") as reader:
        following = reader.submit(images.read, blocks[0])
        for number, block in enumerate(blocks):
            pixels = following.result()
            if number + 1 < len(blocks):
                following = reader.submit(images.read, blocks[number + 1])
            yield block, pixels
