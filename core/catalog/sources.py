"""What the user points at, as Sources; and back, as JSON."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from counterpoise.core.catalog.types import Sources
from counterpoise.core.errors import CounterpoiseError, UsageError
from counterpoise.core.settings import DataSettings
from counterpoise.core.study.places import user_cache_dir, user_data_dir
from counterpoise.core.study.study import Study, is_study, open_study


def open_sources(
    data: Path | None = None, classes: Sequence[tuple[str, Path]] = (), labels: Path | None = None
) -> Sources:
    """Return where the images lie: a folder, a study, or named class folders.

    Raises UsageError for a request that contradicts itself, CounterpoiseError where a folder or the
    labels file is missing.
    """
    if (data is None) == (not classes):
        raise UsageError(
            "Expected either one folder with a sub-folder per class, or --class NAME=FOLDER for each class."
        )
    if data is not None and data.is_dir() and is_study(data):
        study = open_study(data)
        found = open_sources(study.data, study.classes, labels or study.labels)
        return Sources(found.root, found.classes, found.labels, data.absolute())
    if labels is not None and not labels.is_file():
        what = "is a folder, not a file" if labels.is_dir() else "doesn't exist"
        raise CounterpoiseError(
            f"The labels file {labels} {what}. Give a CSV file with columns path and label."
        )
    if data is not None:
        return Sources(root=_folder(data), labels=labels.absolute() if labels else None)
    if labels is not None:
        raise UsageError(
            "A labels file needs one folder of images: leave out --class, or leave out --labels."
        )
    return Sources(classes=_class_folders(classes))


def with_labels(sources: Sources, settings: DataSettings) -> Sources:
    """Return sources with the labels file of the settings, where the sources name none.

    It is looked for from the current folder, then from DATA.
    """
    if settings.labels is None or sources.labels is not None or sources.root is None:
        return sources
    for file in (Path(settings.labels), sources.root / settings.labels):
        if file.is_file():
            return replace(sources, labels=file.absolute())
    raise CounterpoiseError(
        f"The labels file {settings.labels} doesn't exist. Give a CSV file with columns path and label."
    )


def _folder(path: Path) -> Path:
    if path.is_dir():
        return path.absolute()
    if path.exists():
        raise CounterpoiseError(
            f"{path} is a file, expected a folder with one sub-folder per class. Give that folder."
        )
    raise CounterpoiseError(
        f"The folder {path} doesn't exist. Check the name, and that its drive is connected."
    )


def _class_folders(classes: Sequence[tuple[str, Path]]) -> tuple[tuple[str, Path], ...]:
    found: dict[tuple[str, Path], Path] = {}
    for name, folder in classes:
        if not name or "/" in name or name in (".", ".."):
            raise UsageError(f"'{name}' can't be the name of a class: expected a name without '/'.")
        absolute = _folder(folder)
        found.setdefault((name, absolute.resolve()), absolute)  # the same folder twice counts once
    return tuple((name, folder) for (name, _), folder in found.items())


def sources_json(sources: Sources) -> dict[str, Any]:
    """Return plain JSON values, for ``remember_location`` and for jobs in other processes."""
    return {
        "root": str(sources.root) if sources.root else None,
        "classes": [[name, str(folder)] for name, folder in sources.classes],
        "labels": str(sources.labels) if sources.labels else None,
        "study": str(sources.study) if sources.study else None,
        "loose": sources.loose,
    }


def sources_from_json(values: dict[str, Any]) -> Sources:
    """Undo ``sources_json``; nothing is checked for existence."""

    def path(key: str) -> Path | None:
        return Path(values[key]) if values.get(key) else None

    return Sources(
        path("root"),
        tuple((name, Path(folder)) for name, folder in values.get("classes", ())),
        path("labels"),
        path("study"),
        bool(values.get("loose")),
    )


def sources_key(sources: Sources) -> str:
    """Return a name for these sources that stays the same from scan to scan: 24 hexadecimal digits."""
    folders = [str(sources.root)] if sources.root else sorted(f"{n}={f}" for n, f in sources.classes)
    return hashlib.sha256("\n".join(folders).encode("utf-8", "surrogateescape")).hexdigest()[:24]


def edits_path(sources: Sources) -> Path:
    """Return the file of the user's edits: in the study, else in the user's data folder."""
    if sources.study is not None:
        return Study(sources.study).edits
    return user_data_dir() / "edits" / sources_key(sources) / "edits.jsonl"


def secret_folder(sources: Sources) -> Path:
    """Return where the key of the pseudonyms lies: in the study, else in the user's data folder."""
    return sources.study or user_data_dir()


def cache_folder(sources: Sources) -> Path:
    """Return where what can be made again is kept: in the study, else in the user's cache folder."""
    return Study(sources.study).cache if sources.study is not None else user_cache_dir()


def catalog_file(sources: Sources, cache: Path) -> Path:
    """Return where readings are kept: in the study, else in ``cache``."""
    if sources.study is not None:
        return Study(sources.study).catalog_path
    return cache / "catalogs" / f"{sources_key(sources)}.sqlite"


def copies_file(sources: Sources, cache: Path) -> Path:
    """Return where the pairs of copies are kept: in the study's cache, else in ``cache``."""
    if sources.study is not None:
        return Study(sources.study).cache / "copies.json"
    return cache / "catalogs" / f"{sources_key(sources)}.copies.json"


def remembered_file(sources: Sources, cache: Path) -> Path:
    """Return where the catalog of the last scan is kept whole: in the study's cache, else in ``cache``."""
    if sources.study is not None:
        return Study(sources.study).cache / "catalog.table"
    return cache / "catalogs" / f"{sources_key(sources)}.table"
