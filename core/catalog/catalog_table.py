"""A catalog as a table (JSON values and number columns), and back."""

from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from counterpoise.core.catalog.table_file import Table
from counterpoise.core.catalog.types import PARTS, Catalog, ImageRecord, Skipped, Sources, Units, records
from counterpoise.core.findings import Finding, Fix, Severity

_WORDS = ("label", "group", "part", "units", "format")
_WHOLE = ("frame", "width", "height", "channels", "bits")
_REAL = ("minimum", "maximum", "mean", "std", "edge")
_CONTENT_BYTES = 32
_ALLOWED = {"part": {"", *PARTS}, "units": set(get_args(Units))}
_END = "\0"
"""Between names: the only letter that no file's name holds."""


def to_table(catalog: Catalog) -> Table:
    """Return what ``from_table`` needs of a catalog that was read to its end.

    Raises ValueError for what a table can't hold.
    """
    images = catalog.images
    paths = [image.path for image in images]
    contents = b"".join(bytes.fromhex(image.content) for image in images)
    if len(contents) != _CONTENT_BYTES * len(images):
        raise ValueError("expected a SHA-256 for each image")
    columns: dict[str, NDArray[Any]] = {
        "path": _bytes(_END.join(paths).encode("utf-8")),
        "content": _bytes(contents),
    }
    words = {}
    for name in _WORDS:
        words[name], columns[name] = _coded(map(attrgetter(name), images))
    for name in _WHOLE:
        columns[name] = np.fromiter(map(attrgetter(name), images), np.int32, len(images))
    for name in _REAL:
        columns[name] = np.fromiter(map(attrgetter(name), images), np.float64, len(images))
    place = {path: index for index, path in reversed(list(enumerate(paths)))}
    findings = []
    for number, finding in enumerate(catalog.findings):
        value = {**finding.to_json(), "paths": []}
        if all(path in place for path in finding.paths):
            columns[f"finding {number}"] = np.array([place[path] for path in finding.paths], np.int32)
        else:  # files that gave no image
            value["paths"] = list(finding.paths)
        findings.append(value)
    values = {
        "words": words,
        "findings": findings,
        "skipped": [[entry.path, entry.reason, entry.code] for entry in catalog.skipped],
        "files": catalog.files,
        "empty_classes": catalog.empty_classes,
        "own_parts": catalog.own_parts,
        "excluded": sorted(catalog.excluded),
        "public_names": dict(catalog.public_names),
        "group_source": catalog.group_source,
    }
    return Table(values, columns)


def from_table(table: Table, sources: Sources) -> Catalog:
    """Return the catalog of a table; raises ValueError where the table doesn't hold one."""
    try:
        return _from_table(*table, sources)
    except (LookupError, TypeError, AttributeError) as error:
        raise ValueError(f"the table holds no catalog ({type(error).__name__}: {error})") from error


def _from_table(values: Mapping[str, Any], columns: Mapping[str, NDArray[Any]], sources: Sources) -> Catalog:
    paths = bytes(columns["path"]).decode("utf-8").split(_END)
    digits = 2 * _CONTENT_BYTES
    contents = bytes(columns["content"]).hex()
    parts = {
        "path": paths,
        "content": [contents[start : start + digits] for start in range(0, len(contents), digits)],
    }
    for name in _WORDS:
        words = values["words"][name]
        if not _ALLOWED.get(name, set(words)).issuperset(words):
            raise ValueError(f"{name}: expected some of {_ALLOWED[name]}. Received: {words}")
        parts[name] = _named(words, columns[name])
    for name in (*_WHOLE, *_REAL):
        parts[name] = columns[name].tolist()
    return Catalog(
        sources,
        records([parts[name] for name in ImageRecord.__slots__]),
        tuple(Skipped(*entry) for entry in values["skipped"]),
        files=int(values["files"]),
        findings=tuple(
            _finding(value, paths, columns.get(f"finding {number}"))
            for number, value in enumerate(values["findings"])
        ),
        empty_classes=tuple(values["empty_classes"]),
        own_parts=tuple(part for part in PARTS if part in values["own_parts"]),
        excluded=frozenset((path, int(frame)) for path, frame in values["excluded"]),
        public_names=dict(values["public_names"]),
        group_source=str(values["group_source"]),
    )


def _finding(value: Mapping[str, Any], paths: Sequence[str], places: NDArray[Any] | None) -> Finding:
    fix = value["fix"]
    return Finding(
        value["code"],
        Severity(value["severity"]),
        value["message"],
        tuple(value["paths"]) if places is None else tuple(_named(paths, places)),
        value["evidence"],
        Fix(fix["label"], fix["set"]) if fix else None,
    )


def _bytes(data: bytes) -> NDArray[np.uint8]:
    return np.frombuffer(data, np.uint8)


def _coded(words: Iterable[str]) -> tuple[list[str], NDArray[np.int32]]:
    """Return the different words, and the number of each word among them."""
    numbers: dict[str, int] = {}
    codes = [numbers.setdefault(word, len(numbers)) for word in words]
    return list(numbers), np.array(codes, np.int32)


def _named(words: Sequence[str], codes: NDArray[Any]) -> list[str]:
    """Undo ``_coded``; the words are shared, not copied."""
    if codes.size and int(codes.min()) < 0:
        raise ValueError("a number of a word is below zero")
    return [words[code] for code in codes.tolist()]
