"""The last review of some images, kept where what can be made again is kept."""

import contextlib
import json
from pathlib import Path

from counterpoise.core.catalog.sources import cache_folder, sources_key
from counterpoise.core.catalog.types import Sources
from counterpoise.core.review.result import Review
from counterpoise.core.study.atomic import write_text

FORMAT = 1


def saved_path(sources: Sources, cache: Path | None = None) -> Path:
    """Return the file: in the study's cache, else in ``cache``, else in the user's."""
    folder = cache_folder(sources) if sources.study is not None or cache is None else cache
    return folder / "reviews" / f"{sources_key(sources)}.json"


def scaling_path(sources: Sources, cache: Path | None = None) -> Path:
    """Return the file of the scaling that features were made with: beside the review."""
    return saved_path(sources, cache).with_suffix(".scaling.json")


def save_review(file: Path, review: Review) -> None:
    """Keep a review; where the disk won't have it, it is made again next time."""
    with contextlib.suppress(OSError):
        write_text(file, json.dumps({"format_version": FORMAT, **review.to_json()}, ensure_ascii=False))


def read_review(file: Path) -> Review | None:
    """Return the review kept; None where there is none, or one of another version."""
    try:
        values = json.loads(file.read_text(encoding="utf-8"))
        return Review.from_json(values) if values["format_version"] == FORMAT else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
