"""From what a user drops or chooses to a study. No Qt."""

from collections.abc import Sequence
from pathlib import Path

from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.study.places import user_data_dir
from counterpoise.core.study.study import Study, create_study, is_study, new_study_folder, open_study

GENERIC = frozenset({"data", "dataset", "images", "imgs", "study", "train", "training", "view"})
"""Names of folders that say nothing of what is in them."""
STUDIES = "studies"
"""The folder of new studies, in the user's data."""


def study_for(paths: Sequence[Path]) -> tuple[Study, bool]:
    """Return the study for dropped folders, and whether it was made just now.

    One study's folder is opened; one folder of images becomes the source of a new study; several
    folders become its classes, by their names. Nothing is written into folders of images.
    Raises CounterpoiseError, one sentence, where that can't be.
    """
    if not paths:
        raise CounterpoiseError("Nothing was chosen: expected a folder of images.")
    for path in paths:
        _must_be_folder(path)
    if len(paths) == 1:
        if is_study(paths[0]):
            return open_study(paths[0]), False
        return create_study(new_study_folder(_telling(paths[0])), data=paths[0]), True
    if studies := [path.name for path in paths if is_study(path)]:
        raise CounterpoiseError(f"{studies[0]} is a study: expected it alone, or only folders of images.")
    classes = [(path.name, path) for path in paths]
    return create_study(new_study_folder(paths[0].parent), classes=classes), True


def earlier(study: Study) -> Study | None:
    """Return another of the user's own studies with the same images and a run; the latest trained one."""
    base = user_data_dir() / STUDIES
    others = [_opened(root) for root in base.iterdir() if root != study.root] if base.is_dir() else []
    same = [
        (runs[0].config.stat().st_mtime, other)
        for other in others
        if other and (other.data, other.classes) == (study.data, study.classes)
        if (runs := other.run_folders())
    ]
    return max(same, key=lambda entry: entry[0])[1] if same else None


def _opened(root: Path) -> Study | None:
    try:
        return open_study(root)
    except CounterpoiseError:  # another kind of folder, or a newer program's
        return None


def title(root: Path) -> str:
    """Return the name of the study in ``root``, with its parent's where its own says nothing.

    >>> title(Path("/home/ann/lungs/images")), title(Path("/home/ann/lungs"))
    ('lungs images', 'lungs')
    """
    return _telling(root.absolute()).name


def _telling(folder: Path) -> Path:
    """Return a path whose name tells what is in ``folder``; it need not be there."""
    parent = folder.absolute().parent
    if folder.name.casefold() not in GENERIC or not parent.name or parent == user_data_dir() / STUDIES:
        return folder
    return parent / f"{parent.name} {folder.name}"


def is_training(root: Path) -> bool:
    """Whether the latest run of the study in ``root`` goes on at this moment."""
    from counterpoise.core.jobs.ownership import is_owned

    try:
        runs = Study(root).run_folders()
    except OSError:  # a folder that can't be read just now
        return False
    return bool(runs) and is_owned(runs[0].owner)


def _must_be_folder(path: Path) -> None:
    if not path.exists():
        raise CounterpoiseError(f"There is no folder {path}. It may have been moved, or its drive unplugged.")
    if not path.is_dir():
        raise CounterpoiseError(
            f"{path.name} is a file: expected a folder with one sub-folder per class. "
            "Choose the folder it lies in."
        )
