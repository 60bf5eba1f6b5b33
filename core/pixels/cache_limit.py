"""Keeping the decoded images within bounds."""

from contextlib import suppress
from pathlib import Path

DEFAULT_CACHE_BYTES = 40_000_000_000


def limit_cache(folder: Path, most_bytes: int, keep: Path) -> None:
    """Delete the record files used longest ago until the rest of them fit into ``most_bytes``.

    ``keep`` isn't counted and never deleted; a file in use elsewhere stays readable there on POSIX and
    can't be deleted on Windows.
    """
    if not folder.is_dir():
        return
    found: list[tuple[int, int, Path]] = []
    for path in folder.rglob("*.records"):
        with suppress(FileNotFoundError):  # another process has just dropped it
            status = path.stat()
            found.append((status.st_mtime_ns, status.st_size, path))
    used = 0
    for _, size, path in sorted(found, reverse=True):
        used += size if path != keep else 0
        if used > most_bytes and path != keep:
            with suppress(PermissionError):
                path.unlink(missing_ok=True)
                path.with_suffix(".contents").unlink(missing_ok=True)
