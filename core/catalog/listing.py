"""Which files are images of which class and part, before any of them is opened."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from counterpoise.core.catalog.labels_csv import LabelTable, match_files, read_labels
from counterpoise.core.catalog.layout import layout_of, own_parts, sub_folders
from counterpoise.core.catalog.types import Part, Skipped, Sources
from counterpoise.core.catalog.walk import Found, walk
from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.study.run_folder import RunFolder
from counterpoise.core.study.study import is_study

OUTSIDE = "outside the class folders"


class Candidate(NamedTuple):
    """A file that may hold images, with what its place (or the labels file) says of it."""

    path: str
    file: str
    label: str
    part: Part
    """The user's own; empty where none is given."""
    size: int
    mtime_ns: int
    patient: str = ""
    """From the labels file, as written there."""


@dataclass
class Listing:
    candidates: list[Candidate] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    classes: set[str] = field(default_factory=set)
    """Named by folders, also where they hold nothing."""
    table: LabelTable | None = None


def roots_of(sources: Sources) -> list[Path]:
    """Return the folders that the images lie in."""
    return [sources.root] if sources.root else [folder for _, folder in sources.classes]


def check_roots(sources: Sources) -> None:
    """Raise CounterpoiseError where a folder of the sources is gone."""
    for folder in roots_of(sources):
        if not folder.is_dir():
            raise CounterpoiseError(
                f"The folder {folder} isn't there any more. Connect its drive, or say where it is now; "
                "what was read of it is kept."
            )


Walk = Callable[..., Iterator[Found | Skipped]]


def list_files(sources: Sources, found: Callable[[int], None] = lambda _: None) -> Listing:
    """Walk the sources; ``found`` hears how many files there are so far, and may raise to end the walk.

    Raises CounterpoiseError where a root is gone or its layout makes no sense.
    """
    check_roots(sources)
    walked = _counting(found)
    if sources.root is None:
        listing = _named_classes(sources.classes, walked)
    elif sources.loose:
        listing = _loose(sources.root, walked)
    elif sources.labels is not None:
        listing = _labelled(sources.root, sources.labels, walked)
    else:
        listing = _class_folders(sources.root, walked)
    if any(entry.code == "unreadable-image" for entry in listing.skipped):
        check_roots(sources)  # it may have gone while it was walked
    return listing


def _counting(tell: Callable[[int], None]) -> Walk:
    """Return a ``walk`` that tells how much all its calls have found."""
    count = itertools.count(1)

    def walked(folder: str, prefix: str = "") -> Iterator[Found | Skipped]:
        for entry in walk(folder, prefix):
            tell(next(count))
            yield entry

    return walked


def _class_folders(root: Path, walked: Walk) -> Listing:
    layout = layout_of(root)
    listing = Listing()
    if layout.kind == "classes":
        listing.classes.update(name for name in sub_folders(root) if not _is_ours(root / name))
        for found in walked(str(root)):
            label, inside, _ = found.path.partition("/")
            _add(listing, found, label if inside else "", "")
        return listing
    parts = dict(layout.parts)
    for name in parts:
        listing.classes.update(sub_folders(root / name))
    for found in walked(str(root)):
        first, _, rest = found.path.partition("/")
        label, inside, _ = rest.partition("/")
        _add(listing, found, label if inside and first in parts else "", parts.get(first, ""))
    return listing


def _is_ours(folder: Path) -> bool:
    """Whether a folder is a run or a study, put beside the classes."""
    run = RunFolder(folder)
    return is_study(folder) or (run.is_run and run.events.is_file())


def _named_classes(classes: Sequence[tuple[str, Path]], walked: Walk) -> Listing:
    listing = Listing()
    taken: set[str] = set()
    given: dict[str, int] = {}
    for name, folder in classes:
        listing.classes.add(name)
        number = given[name] = given.get(name, 0) + 1
        for found in walked(str(folder), f"{name}/"):
            if found.path in taken and isinstance(found, Found):  # as Sources.locate reads it
                path = f"{name}/~{number}/{found.path.partition('/')[2]}"
                found = Found(path, found.file, found.size, found.mtime_ns)
            taken.add(found.path)
            _add(listing, found, name, "")
    return listing


def _labelled(root: Path, file: Path, walked: Walk) -> Listing:
    """Take labels from a file; of the folders only ``train``, ``val`` and ``test`` say something then."""
    own = {str(file.absolute()), str(file.resolve())}
    files = [found for found in walked(str(root)) if isinstance(found, Skipped) or found.file not in own]
    paths = [found.path for found in files if isinstance(found, Found)]
    by_path, table = match_files(read_labels(file, root), paths)
    listing = Listing(classes={row.label for row in table.rows}, table=table)
    parts = {} if table.has_parts else own_parts(root)
    for found in files:
        row = by_path.get(found.path)
        if row is None or isinstance(found, Skipped):
            _add(listing, found, "", "", reason="not named in the labels file")
        else:
            # Where some rows name a part, the others are what is left to train with.
            part = row.part or ("train" if table.has_parts else parts.get(found.path.partition("/")[0], ""))
            _add(listing, found, row.label, part, patient=row.patient)
    return listing


def _loose(root: Path, walked: Walk) -> Listing:
    """Take every file, of the class without a name."""
    listing = Listing(classes={""})
    for found in walked(str(root)):
        _add(listing, found, "", "")
    return listing


def _add(
    listing: Listing,
    found: Found | Skipped,
    label: str,
    part: Part,
    *,
    patient: str = "",
    reason: str = OUTSIDE,
) -> None:
    if isinstance(found, Skipped):
        listing.skipped.append(found)
    elif label not in listing.classes:
        listing.skipped.append(Skipped(found.path, reason))
    else:
        listing.candidates.append(
            Candidate(found.path, found.file, label, part, found.size, found.mtime_ns, patient)
        )
