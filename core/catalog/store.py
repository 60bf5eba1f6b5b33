"""What was read of each file, kept in SQLite, so that only changed files are read again."""

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from counterpoise.core.catalog.measure import FileReading, FrameReading

SCHEMA = 4
_COLUMNS = (
    "file TEXT, size INTEGER, mtime_ns INTEGER, frame INTEGER, content TEXT, width INTEGER, height INTEGER, "
    "channels INTEGER, bits INTEGER, units TEXT, format TEXT, minimum REAL, maximum REAL, mean REAL, "
    "std REAL, edge REAL, patient TEXT, notes TEXT, reason TEXT, code TEXT"
)
_SKETCH_COLUMNS = "content BLOB PRIMARY KEY, sketch BLOB"
"""Apart from the readings and by content: they are needed only where copies are looked for anew."""
_MARKS = ",".join("?" * len(_COLUMNS.split(", ")))
_NO_FRAMES = ("", 0, 0, 0, 0, "", "", 0.0, 0.0, 0.0, 0.0, 0.0, "", "")


class Known(NamedTuple):
    """A reading with the size and time of change that the file had then."""

    size: int
    mtime_ns: int
    reading: FileReading


class CatalogStore:
    """The table of readings. A file that is damaged or of another version is made anew: it is only a cache.

    ``key`` names the secret behind the pseudonyms: readings made with another one don't count.
    """

    def __init__(self, path: Path, key: str) -> None:
        self._path = path
        self._key = key
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._connection = self._open()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
                raise
            self._make_anew()

    def _make_anew(self) -> None:
        self._path.unlink(missing_ok=True)
        self._connection = self._open()

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, timeout=10.0, isolation_level=None, check_same_thread=False
        )  # used by one thread at a time: see saving
        try:
            connection.execute("PRAGMA journal_mode = DELETE")  # WAL doesn't work on network shares
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if version not in (0, SCHEMA):
                raise sqlite3.DatabaseError("another version")
            if version == 0:
                with transaction(connection):
                    connection.execute(f"CREATE TABLE IF NOT EXISTS readings ({_COLUMNS})")
                    connection.execute("CREATE INDEX IF NOT EXISTS by_file ON readings (file)")
                    connection.execute(f"CREATE TABLE IF NOT EXISTS sketches ({_SKETCH_COLUMNS})")
                    connection.execute("CREATE TABLE IF NOT EXISTS about (key TEXT)")
                    connection.execute(f"PRAGMA user_version = {SCHEMA}")
            if connection.execute("SELECT key FROM about").fetchall() != [(self._key,)]:
                with transaction(connection):
                    connection.execute("DELETE FROM readings")
                    connection.execute("DELETE FROM about")
                    connection.execute("INSERT INTO about VALUES (?)", (self._key,))
        except BaseException:
            connection.close()
            raise
        return connection

    def load(self) -> dict[str, Known]:
        """Return everything known, by absolute path; nothing where pages of the file are damaged."""
        try:
            return self._load()
        except sqlite3.OperationalError:  # busy or out of reach, not damaged
            raise
        except sqlite3.DatabaseError:
            self._connection.close()
            self._make_anew()
            return {}

    def _load(self) -> dict[str, Known]:
        known: dict[str, Known] = {}
        for row in self._connection.execute("SELECT * FROM readings ORDER BY rowid"):
            file, size, mtime_ns = row[:3]
            if row[18]:
                known[file] = Known(size, mtime_ns, FileReading((), row[18], row[19]))
                continue
            frames: tuple[FrameReading, ...] = (FrameReading(*row[3:18]),)
            before = known.get(file)
            if before is not None:
                frames = before.reading.frames + frames
            known[file] = Known(size, mtime_ns, FileReading(frames))
        return known

    def sketches(self, contents: Iterable[str]) -> dict[str, bytes]:
        """Return the sketches kept of images with these contents (256 bytes each)."""
        wanted = {bytes.fromhex(content): content for content in contents}
        rows = self._connection.execute("SELECT content, sketch FROM sketches")
        return {wanted[content]: sketch for content, sketch in rows if content in wanted}

    def save(self, readings: Mapping[str, Known]) -> None:
        """Put readings in the place of what was known of the same files, all or none."""
        with transaction(self._connection):
            self._forget(readings)
            self._connection.executemany(f"INSERT INTO readings VALUES ({_MARKS})", _rows(readings))
            sketches = (
                (bytes.fromhex(frame.content), frame.sketch)
                for known in readings.values()
                for frame in known.reading.frames
            )
            self._connection.executemany("INSERT OR REPLACE INTO sketches VALUES (?, ?)", sketches)

    def forget(self, files: Iterable[str]) -> None:
        """Drop files that are no longer there."""
        with transaction(self._connection):
            self._forget(files)

    def _forget(self, files: Iterable[str]) -> None:
        self._connection.executemany("DELETE FROM readings WHERE file = ?", ((file,) for file in files))

    def close(self) -> None:
        self._connection.close()


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Write all of the block or nothing of it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _rows(readings: Mapping[str, Known]) -> Iterator[tuple[object, ...]]:
    for file, (size, mtime_ns, reading) in readings.items():
        if reading.reason:
            yield (file, size, mtime_ns, -1, *_NO_FRAMES, reading.reason, reading.code)
        for frame in reading.frames:
            yield (file, size, mtime_ns, *frame[:-1], "", "")


MOST_BYTES = 500_000_000
"""Of all catalogs in the user's cache together: about a million images."""


def drop_oldest(folder: Path, keep: Path, most: int = MOST_BYTES) -> None:
    """Delete the catalogs used longest ago until those in ``folder`` take less than ``most`` bytes."""
    with contextlib.suppress(OSError):
        keep.touch()
        sets = [
            [(own, own.stat()) for own in folder.glob(f"{file.stem}.*")] for file in folder.glob("*.sqlite")
        ]
        total = sum(status.st_size for files in sets for _, status in files)
        for files in sorted(sets, key=lambda files: max(status.st_mtime_ns for _, status in files)):
            if total <= most:
                return
            if keep not in (file for file, _ in files):
                for file, status in files:
                    file.unlink()
                    total -= status.st_size
