"""Thumbnails on disk, by content: made by the scan, read by the gallery and by pictures of the data."""

import contextlib
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from counterpoise.core.catalog.sources import cache_folder
from counterpoise.core.catalog.store import transaction
from counterpoise.core.catalog.thumbnail_codec import pack, unpack
from counterpoise.core.catalog.types import Sources

SCHEMA = 1
NAME = "thumbnails.sqlite"
MOST_BYTES = 1_000_000_000
"""Of one folder's thumbnails: those of some 200,000 photographs. The oldest are dropped."""
_WAIT = 0.5
"""Seconds to wait for a scan that writes; then the picture is made from its file instead."""


class ThumbnailStore:
    """A table of small pictures; may be used from several threads.

    It is only a cache: a damaged file is made anew, and a folder that can't be written gives nothing
    and keeps nothing.
    """

    def __init__(self, folder: Path, most: int = MOST_BYTES) -> None:
        self._file = folder / NAME
        self._most = most
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._tried = False

    @property
    def folder(self) -> Path:
        return self._file.parent

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Return the store in ``folder``; nothing is touched before it is first used."""
        return cls(folder)

    def _opened(self) -> sqlite3.Connection | None:
        """Return the connection, made by the first who asks; to be called with the lock held."""
        if not self._tried:
            self._tried = True
            with contextlib.suppress(OSError):
                self._file.parent.mkdir(parents=True, exist_ok=True)
                try:
                    self._connection = _connect(self._file)
                except sqlite3.OperationalError:
                    raise
                except sqlite3.DatabaseError:
                    self._file.unlink(missing_ok=True)
                    self._connection = _connect(self._file)
        return self._connection

    @contextlib.contextmanager
    def _forgiving(self) -> Iterator[None]:
        """Let a store that is out of reach give nothing; a damaged one is made anew when next used."""
        try:
            yield
        except sqlite3.OperationalError:
            pass
        except sqlite3.DatabaseError:
            if self._connection is not None:
                self._connection.close()
            with contextlib.suppress(OSError):
                self._file.unlink(missing_ok=True)
            self._connection, self._tried = None, False

    def get(self, content: str) -> NDArray[np.uint8] | None:
        """Return the thumbnail of an image, [h, w] or [h, w, 3]; None where there is none."""
        rows: list[tuple[bytes]] = []
        with self._lock, self._forgiving():
            connection = self._opened()
            if connection is not None:
                rows = connection.execute(
                    "SELECT picture FROM thumbnails WHERE content = ?", (bytes.fromhex(content),)
                ).fetchall()
        return unpack(rows[0][0]) if rows else None

    def put(self, content: str, pixels: NDArray[np.uint8]) -> None:
        """Keep the thumbnail of an image: uint8, [h, w] or [h, w, 3]."""
        self.put_packed([(content, pack(pixels))])

    def put_packed(self, pictures: Iterable[tuple[str, bytes]]) -> None:
        """Keep pictures as ``thumbnail_codec.pack`` gives them; beyond the limit the oldest go."""
        rows = [(bytes.fromhex(content), picture) for content, picture in pictures]
        with self._lock, self._forgiving():
            connection = self._opened() if rows else None
            if connection is not None:
                with transaction(connection):
                    connection.executemany("INSERT OR IGNORE INTO thumbnails VALUES (?, ?)", rows)
                    self._drop_oldest(connection)

    def _drop_oldest(self, connection: sqlite3.Connection) -> None:
        used = "SELECT (page_count - freelist_count) * page_size "
        pages = "FROM pragma_page_count, pragma_freelist_count, pragma_page_size"
        if connection.execute(used + pages).fetchone()[0] <= self._most:
            return
        oldest = "SELECT rowid FROM thumbnails ORDER BY rowid LIMIT (SELECT 1 + count(*) / 8 FROM thumbnails)"
        connection.execute(f"DELETE FROM thumbnails WHERE rowid IN ({oldest})")

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.close()
            self._connection, self._tried = None, True


def thumbnails_of(sources: Sources, cache: Path | None = None) -> ThumbnailStore:
    """Return the store of these sources: in the study's cache, else in ``cache``, else in the user's."""
    folder = cache_folder(sources) if sources.study is not None or cache is None else cache
    return ThumbnailStore.open(folder / "thumbnails")


def _connect(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, timeout=_WAIT, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = DELETE")  # WAL doesn't work on network shares
        connection.execute("PRAGMA synchronous = OFF")  # a cache that a power cut harms is made anew
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version not in (0, SCHEMA):
            raise sqlite3.DatabaseError("another version")
        if version == 0:
            with transaction(connection):
                connection.execute(
                    "CREATE TABLE IF NOT EXISTS thumbnails (content BLOB PRIMARY KEY, picture BLOB)"
                )
                connection.execute(f"PRAGMA user_version = {SCHEMA}")
    except BaseException:
        connection.close()
        raise
    return connection
