"""Features of images, computed once per content, pixel format, scaling and network."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from counterpoise.core.pixels.cache_limit import DEFAULT_CACHE_BYTES, limit_cache
from counterpoise.core.pixels.records import DamagedRecordError, RecordFile
from counterpoise.core.pixels.store import ImageStore

Array = NDArray[np.float32]
Embed = Callable[[NDArray[np.generic]], Array]
BLOCK = 64
READ_BLOCK = 1024
DIGEST_BYTES = 32


class FeatureStore:
    """A file of records [width], one per distinct content; position i is the i-th of ``contents``."""

    def __init__(self, records: RecordFile, contents: Sequence[str]) -> None:
        self._records = records
        self._distinct = sorted(set(contents))
        slot = {content: number for number, content in enumerate(self._distinct)}
        self._slots = np.array([slot[content] for content in contents], np.intp)

    @classmethod
    def open(cls, cache: Path, key: str, contents: Sequence[str], width: int) -> "FeatureStore":
        """Open or make the store below the folder ``cache``.

        ``key`` names all that the values depend on beside the image itself.
        """
        digests = b"".join(bytes.fromhex(content) for content in sorted(set(contents)))
        folder = cache / "features" / hashlib.sha256(key.encode()).hexdigest()[:16]
        path = folder / f"{hashlib.sha256(digests).hexdigest()[:24]}.records"
        room = len(digests) // DIGEST_BYTES * width * 4
        limit_cache(cache / "features", DEFAULT_CACHE_BYTES - room, keep=path)
        records = RecordFile.create(path, len(digests) // DIGEST_BYTES, (width,), np.dtype("<f4"))
        path.with_suffix(".contents").write_bytes(digests)
        path.touch()  # the oldest are dropped first
        return cls(records, contents)

    def __len__(self) -> int:
        return len(self._slots)

    def fill(
        self,
        images: ImageStore,
        embed: Callable[[], Embed],
        progress: Callable[[int, int], None],
        cancelled: Callable[[], bool],
    ) -> bool:
        """Compute what is missing from ``images`` (same positions); False where it was cancelled.

        ``embed()`` is called only if something is missing. Reading and the network overlap.
        """
        self._borrow()
        missing = self._missing()
        total = len(self._distinct)
        done = total - len(missing)
        progress(done, total)
        if not len(missing):
            return True
        run = embed()
        for positions, pixels in _read_ahead(images, missing):
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

    def _borrow(self) -> None:
        """Take over what other sets of the same key hold already."""
        own = self._records.path
        wanted = {self._distinct[slot]: int(slot) for slot in np.flatnonzero(~self._records.filled())}
        for listing in own.parent.glob("*.contents"):
            if not wanted:
                return
            if listing.with_suffix(".records") != own:
                self._borrow_from(listing, wanted)

    def _borrow_from(self, listing: Path, wanted: dict[str, int]) -> None:
        try:
            digests = listing.read_bytes()
            other = RecordFile(listing.with_suffix(".records"))
        except (OSError, ValueError):
            return
        with other:
            filled = other.filled()
            for number in range(min(len(digests) // DIGEST_BYTES, len(filled))):
                content = digests[number * DIGEST_BYTES : (number + 1) * DIGEST_BYTES].hex()
                if content in wanted and filled[number]:
                    try:
                        features = other.read([number])[0]
                    except DamagedRecordError:
                        continue
                    self._records.write(wanted.pop(content), features)


def _read_ahead(
    images: ImageStore, positions: NDArray[np.intp]
) -> Iterator[tuple[NDArray[np.intp], NDArray[np.generic]]]:
    """Yield blocks of positions and pixels; the next is read while one is worked on."""
    blocks = [positions[start : start + BLOCK] for start in range(0, len(positions), BLOCK)]
    with ThreadPoolExecutor(1, "read-ahead") as reader:
        following = reader.submit(images.read, blocks[0])
        for number, block in enumerate(blocks):
            pixels = following.result()
            if number + 1 < len(blocks):
                following = reader.submit(images.read, blocks[number + 1])
            yield block, pixels
