"""A study: the folder a user opens, with sources, settings, edits, key, catalog and runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.settings import Settings, build_settings, dump_toml, read_toml
from counterpoise.core.study.atomic import write_text
from counterpoise.core.study.lock import locked
from counterpoise.core.study.places import user_data_dir
from counterpoise.core.study.run_folder import RunFolder

FILE = "study.toml"


@dataclass(frozen=True)
class Study:
    """Names of everything in a study, and where its images lie."""

    root: Path
    data: Path | None = None
    """The folder with the images; None where classes lie in different places."""
    classes: tuple[tuple[str, Path], ...] = ()
    labels: Path | None = None

    @property
    def file(self) -> Path:
        return self.root / FILE

    @property
    def name(self) -> str:
        return self.root.name

    @property
    def edits(self) -> Path:
        return self.root / "edits.jsonl"

    @property
    def catalog_path(self) -> Path:
        return self.root / "catalog.sqlite"

    @property
    def cache(self) -> Path:
        return self.root / "cache"

    @property
    def runs(self) -> Path:
        return self.root / "runs"

    def run_folders(self) -> tuple[RunFolder, ...]:
        """Return the runs, newest first."""
        found = [RunFolder(path) for path in self.runs.iterdir()] if self.runs.is_dir() else []
        runs = [run for run in found if run.is_run]
        return tuple(sorted(runs, key=lambda run: run.config.stat().st_mtime_ns, reverse=True))

    def load_settings(self) -> Settings:
        """Return the study's settings; raises CounterpoiseError where the file is gone or damaged."""
        return build_settings(read_toml(self.file).get("settings", {}))

    def save_settings(self, settings: Settings) -> None:
        """Keep settings; the sources stay."""
        _write(self, settings)


def is_study(path: Path) -> bool:
    """Whether ``path`` is a study's folder."""
    return (path / FILE).is_file()


def create_study(
    root: Path,
    data: Path | None = None,
    classes: Sequence[tuple[str, Path]] = (),
    labels: Path | None = None,
    settings: Settings | None = None,
) -> Study:
    """Make a study in a new or empty folder; the images stay where they are.

    Raises CounterpoiseError where the folder holds something or can't be written.
    """
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise CounterpoiseError(
            f"{root} can't become a study: expected a new or empty folder. Choose another name."
        )
    study = Study(
        root,
        data.absolute() if data else None,
        tuple((name, folder.absolute()) for name, folder in classes),
        labels.absolute() if labels else None,
    )
    try:
        root.mkdir(parents=True, exist_ok=True)
        _write(study, settings or Settings())
    except OSError as error:
        raise CounterpoiseError(
            f"The study {root} can't be made ({error.strerror}). Choose a folder that can be written."
        ) from None
    return study


def open_study(root: Path) -> Study:
    """Return the study at ``root``; raises CounterpoiseError where there is none or a newer one."""
    if not is_study(root):
        raise CounterpoiseError(f"{root} is no study: expected a folder with {FILE}. Choose another folder.")
    sources = read_toml(root / FILE).get("sources", {})
    try:
        study = Study(
            root,
            _placed(root, sources.get("data")),
            tuple((entry["name"], root / entry["folder"]) for entry in sources.get("classes", ())),
            _placed(root, sources.get("labels")),
        )
        if study.data is None and not study.classes:  # cut short, by a crash or by hand
            raise KeyError("data")
        return study
    except (AttributeError, KeyError, TypeError):
        raise CounterpoiseError(
            f"{root / FILE} doesn't say where the images lie: expected a table [sources] with data, or "
            "classes with name and folder. Mend it there, or make a new study."
        ) from None


def new_study_folder(data: Path) -> Path:
    """Return a free folder, in the user's data, for a study of the images in ``data``."""
    base = user_data_dir() / "studies"
    name = data.absolute().name or "study"
    number = 1
    while (folder := base / (name if number == 1 else f"{name} {number}")).exists():
        number += 1
    return folder


def _placed(root: Path, entry: object) -> Path | None:
    return root / str(entry) if entry else None


def _relative(root: Path, path: Path) -> str:
    """Return what lies in the study relative to it, so that both can be moved together."""
    inside = path.is_relative_to(root.absolute())
    return path.relative_to(root.absolute()).as_posix() if inside else str(path)


def _write(study: Study, settings: Settings) -> None:
    sources: dict[str, Any] = {}
    if study.data is not None:
        sources["data"] = _relative(study.root, study.data)
    if study.classes:
        sources["classes"] = [
            {"name": name, "folder": _relative(study.root, folder)} for name, folder in study.classes
        ]
    if study.labels is not None:
        sources["labels"] = _relative(study.root, study.labels)
    with locked(study.root):
        write_text(study.file, dump_toml({"sources": sources, "settings": settings.to_json()}))
