"""A file of fixed-size arrays: preallocated, each with its checksum, read by position.

No memory map: one whose file shrinks kills the process (SIGBUS), and its touched pages look like memory use.
"""

import json
import os
import threading
import zlib
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from counterpoise.core.errors import CounterpoiseError, DiskFullError, is_disk_full
from counterpoise.core.findings.words import size as in_words

HEADER_BYTES = 4096
MAGIC = "counterpoise records 1"
ENTRY = np.dtype([("filled", "<u4"), ("crc", "<u4")])


class DamagedRecordError(CounterpoiseError):
    """A record whose bytes are not those that were written, or that was never written."""

    def __init__(self, path: Path, index: int) -> None:
        super().__init__(
            f"Record {index} of the cache file {path.name} is damaged: expected the bytes that were written. "
            "Delete the cache with 'counterpoise cache clear' and start again."
        )
        self.index = index


class RecordFile:
    """``count`` arrays of one shape and dtype. Threads may read and write at the same time.

    Several processes may write the same record if they write the same bytes.
    """

    def __init__(self, path: Path) -> None:
        """Open an existing file; raises OSError where there is none, ValueError where it is another's."""
        self.path = path
        self._file = path.open("r+b", buffering=0)
        self._lock = threading.Lock()
        try:
            header = json.loads(self._file.read(HEADER_BYTES).rstrip(b"\0"))
            if header["magic"] != MAGIC:
                raise ValueError(f"{path.name} is no file of records")
            self.count: int = header["count"]
            self.shape: tuple[int, ...] = tuple(header["shape"])
            self.dtype = np.dtype(header["dtype"])
        except (ValueError, KeyError, TypeError):
            self._file.close()
            raise ValueError(f"{path.name} is no file of records") from None
        self._record_bytes = int(np.prod(self.shape)) * self.dtype.itemsize
        self._data_at = HEADER_BYTES + self.count * ENTRY.itemsize
        self._known: NDArray[Any] | None = None

    @classmethod
    def create(cls, path: Path, count: int, shape: Sequence[int], dtype: np.dtype[Any] | str) -> "RecordFile":
        """Make a file of ``count`` empty records, its room on the disk taken at once.

        An existing one of the same form is opened as it is. Raises DiskFullError where there is no room.
        """
        dtype = np.dtype(dtype)
        header = {"magic": MAGIC, "count": count, "shape": list(shape), "dtype": dtype.str}
        if path.exists():
            try:
                there = cls(path)
            except (ValueError, OSError):
                path.unlink(missing_ok=True)
            else:
                if (there.count, there.shape, there.dtype) == (count, tuple(shape), dtype):
                    return there
                there.close()
                path.unlink(missing_ok=True)
        size = HEADER_BYTES + count * (ENTRY.itemsize + int(np.prod(shape)) * dtype.itemsize)
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f"{path.name}.{os.getpid()}.new")
        try:
            with unfinished.open("wb") as file:
                _allocate(file.fileno(), size)
                file.write(json.dumps(header).encode().ljust(HEADER_BYTES, b"\0"))
            unfinished.replace(path)
        except OSError as error:
            unfinished.unlink(missing_ok=True)
            if not is_disk_full(error):
                raise
            raise DiskFullError(
                f"The cache needs {in_words(size)} on the disk of {path.parent}, more than is free there. "
                "Free some space, or choose another place with --cache."
            ) from None
        return cls(path)

    def filled(self) -> NDArray[np.bool_]:
        """Return which records have been written [count], by anyone."""
        return np.asarray(self._table(anew=True)["filled"] == 1)

    def write(self, index: int, array: NDArray[Any]) -> None:
        """Write one record; its entry comes after its bytes, so that a crash leaves it empty or damaged."""
        if array.shape != self.shape or array.dtype != self.dtype:
            raise ValueError(
                f"expected {self.dtype} {self.shape}, received {array.dtype} {array.shape} for record {index}"
            )
        data = np.ascontiguousarray(array).data.cast("B")
        entry = np.array([(1, zlib.crc32(data))], ENTRY)
        self._write_at(data, self._data_at + index * self._record_bytes)
        self._write_at(entry.data.cast("B"), HEADER_BYTES + index * ENTRY.itemsize)
        if self._known is not None:
            self._known[index] = entry[0]

    def read(self, indices: Sequence[int] | NDArray[np.intp]) -> NDArray[Any]:
        """Return records [len(indices), *shape]; raises DamagedRecordError where a checksum doesn't fit."""
        out = np.empty((len(indices), *self.shape), self.dtype)
        flat = out.reshape(len(indices), -1).view(np.uint8)
        table = self._table()
        if not table["filled"][np.asarray(indices, np.intp)].all():
            table = self._table(anew=True)
        for row, index in zip(flat, indices, strict=True):
            there = self._read_at(row.data, self._data_at + int(index) * self._record_bytes)
            entry = table[index]
            if not there or entry["filled"] != 1 or zlib.crc32(row.data) != entry["crc"]:
                raise DamagedRecordError(self.path, int(index))
        return out

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> "RecordFile":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _table(self, anew: bool = False) -> NDArray[Any]:
        """Return the entries, read once (who only writes needs none) or again: others may have written."""
        if anew or self._known is None:
            table = np.zeros(self.count, ENTRY)
            self._read_at(table.view(np.uint8).data, HEADER_BYTES)  # a file cut short has empty records
            self._known = table
        return self._known

    def _read_at(self, into: memoryview, offset: int) -> bool:
        """Fill ``into`` from the file; False where the file ends before."""
        while into.nbytes:
            if hasattr(os, "preadv"):
                done = os.preadv(self._file.fileno(), [into], offset)
            else:  # Windows
                with self._lock:
                    self._file.seek(offset)
                    done = self._file.readinto(into) or 0
            if not done:
                return False
            into, offset = into[done:], offset + done
        return True

    def _write_at(self, data: memoryview, offset: int) -> None:
        while data.nbytes:
            if hasattr(os, "pwrite"):
                done = os.pwrite(self._file.fileno(), data, offset)
            else:  # Windows
                with self._lock:
                    self._file.seek(offset)
                    done = self._file.write(data) or 0
            data, offset = data[done:], offset + done


def _allocate(descriptor: int, size: int) -> None:
    """Take ``size`` bytes on the disk now, so that it can't be full later."""
    if hasattr(os, "posix_fallocate"):
        try:
            os.posix_fallocate(descriptor, 0, size)
        except OSError as error:
            if is_disk_full(error):
                raise
        else:
            return
    os.truncate(descriptor, size)
