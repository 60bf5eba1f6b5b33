"""Where things lie that belong to the user and to no study."""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import platformdirs

from counterpoise.core.study.atomic import write_text

HOME_VARIABLE = "COUNTERPOISE_HOME"
"""Environment variable that puts both folders under one of the user's choice (tests, portable use)."""
CACHE_VARIABLE = "COUNTERPOISE_CACHE"
"""Environment variable that names the cache alone; ``--cache`` sets it for the call and its children."""


def user_data_dir() -> Path:
    """Folder of what must not be lost: keys, edits and studies that have no folder of their own."""
    home = os.environ.get(HOME_VARIABLE)
    return Path(home) / "data" if home else platformdirs.user_data_path("counterpoise", appauthor=False)


def user_cache_dir() -> Path:
    """Folder of what can be made again; ``counterpoise cache clear`` empties it."""
    if cache := os.environ.get(CACHE_VARIABLE):
        return Path(cache)
    home = os.environ.get(HOME_VARIABLE)
    return Path(home) / "cache" if home else platformdirs.user_cache_path("counterpoise", appauthor=False)


def remember_location(run_id: str, sources: dict[str, Any]) -> None:
    """Note where the images of a run lie; runs themselves hold no path outside them."""
    write_text(_location_file(run_id), json.dumps(sources, ensure_ascii=False))


def recall_location(run_id: str) -> dict[str, Any] | None:
    """Return what was remembered for a run, or None where this user has never had its images."""
    try:
        found = json.loads(_location_file(run_id).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _location_file(run_id: str) -> Path:
    # Hashed, because the id comes from a file that may be foreign and must not name a path.
    name = hashlib.sha256(run_id.encode()).hexdigest()[:32]
    return user_data_dir() / "locations" / f"{name}.json"
