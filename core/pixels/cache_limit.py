"""Keeping the decoded images within bounds."""

from pathlib import Path

DEFAULT_CACHE_BYTES = 40_000_000_000


def limit_cache(folder: Path, most_bytes: int, keep: Path) -> None:
    """Delete the record files used longest ago until the rest of them fit into ``most_bytes``.

    ``keep`` isn't counted and never deleted; a file in use elsewhere stays readable there on POSIX and
    can't be deleted on Windows.
    """
    if not folder.is_dir():
        return
    files = [path for path in folder.rglob("*.records") if path != keep]
    newest_first = sorted(files, key=lambda path: path.stat().st_mtime_ns, reverse=True)
    used = 0
    for path in newest_first:
        used += path.stat().st_size
        if used > most_bytes:
            try:
                path.unlink(missing_ok=True)
                path.with_suffix(".contents").unlink(missing_ok=True)
            except PermissionError:
                continue
