"""What a pattern does to the names of files: how many patients, with how many images, and examples."""

import re
import statistics
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from counterpoise.core.catalog.groups import PathPattern, compile_pattern
from counterpoise.core.catalog.name_candidates import words_of
from counterpoise.core.catalog.privacy import identifying_kinds

MOST_EXAMPLES = 4
_WORD = re.compile(r"[^\W\d_]{3}")


@dataclass(frozen=True)
class Preview:
    """What a pattern does to the names of these files."""

    group_by: str
    """Value of the setting ``data.group_by``."""
    words: str
    """What becomes the patient; empty for a pattern of somebody's own."""
    files: int
    fits: int
    """Files it finds a patient for."""
    patients: int
    fewest: int
    median: int
    most: int
    """Files per patient."""
    in_several_classes: int
    """Patients whose files lie in several classes."""
    in_several_parts: int
    """Patients whose files lie in several of the part folders."""
    examples: tuple[tuple[str, str], ...]
    """Path and patient of a few files, each of another patient."""
    without: str = ""
    """A path it finds no patient in."""

    @property
    def regex(self) -> str:
        return self.group_by.partition(":")[2]

    @property
    def by_folder(self) -> bool:
        return self.group_by.startswith("folder:")

    @property
    def safe_example(self) -> tuple[str, str] | None:
        """A name and its patient that identify nobody; of a telling name only a part without words."""
        shown = [(path if self.by_folder else path.rpartition("/")[2], p) for path, p in self.examples]
        whole = next((example for example in shown if not identifying_kinds(example[0])), None)
        if whole is not None:
            return whole
        for _, patient in shown:
            # 'Smith' alone isn't known for a name, but in a telling one it may be.
            if not identifying_kinds(patient) and not _WORD.search(patient):
                return f"…{patient}…", patient
        return None


def preview(
    pattern: PathPattern, group_by: str, files: Mapping[str, str], level: int | None = None
) -> Preview:
    """Return what a pattern does; ``files`` gives the class of each path, ``level`` its ``class_level``.

    >>> from counterpoise.core.catalog.groups import compile_pattern
    >>> files = {"a/1a2b_003.png": "a", "a/1a2b_004.png": "a", "a/9f00_001.png": "a"}
    >>> seen = preview(compile_pattern("name:^([^_]+)_"), "name:^([^_]+)_", files)
    >>> seen.patients, seen.fewest, seen.most, seen.examples[0]
    (2, 1, 2, ('a/1a2b_003.png', '1a2b'))
    """
    level = class_level(files) if level is None else level
    found = {path: patient for path in files if (patient := pattern.patient(path))}
    counts = Counter(found.values())
    classes: dict[str, str] = {}
    parts: dict[str, str] = {}
    in_classes: set[str] = set()
    in_parts: set[str] = set()
    examples: dict[str, str] = {}
    for path, patient in found.items():
        if classes.setdefault(patient, files[path]) != files[path]:
            in_classes.add(patient)
        if level == 1:
            part = path[: path.index("/")]
            if parts.setdefault(patient, part) != part:
                in_parts.add(patient)
        if len(examples) < MOST_EXAMPLES:
            examples.setdefault(patient, path)
    return Preview(
        group_by,
        words_of(group_by, level),
        files=len(files),
        fits=len(found),
        patients=len(counts),
        fewest=min(counts.values(), default=0),
        median=int(statistics.median_high(counts.values())) if counts else 0,
        most=max(counts.values(), default=0),
        in_several_classes=len(in_classes),
        in_several_parts=len(in_parts),
        examples=tuple((path, patient) for patient, path in examples.items()),
        without=next((path for path in files if path not in found), "") if len(found) < len(files) else "",
    )


def class_level(files: Mapping[str, str]) -> int:
    """Return which folder of these paths is the class, counted from 0; -1 where none is.

    >>> class_level({"train/a/1.png": "a", "test/b/2.png": "b"})
    1
    """
    levels: Counter[int] = Counter()
    folders = Counter((path.rpartition("/")[0], label) for path, label in files.items())
    for (folder, label), number in folders.items():
        parts = folder.split("/")
        levels[parts.index(label) if label in parts else -1] += number
    level, number = max(levels.items(), key=lambda entry: entry[1], default=(-1, 0))
    return level if number > len(files) / 2 and level < 2 else -1


def try_pattern(group_by: str, files: Mapping[str, str]) -> Preview:
    """Return what ``name:REGEX`` or ``folder:REGEX`` does; raises UsageError where it can't work.

    An expression of somebody's own can take for ever on a single name, and nothing can interrupt it: call
    this in a process that may be ended.
    """
    return preview(compile_pattern(group_by), group_by, files)
