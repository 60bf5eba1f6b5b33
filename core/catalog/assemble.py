"""From readings to a catalog: labels, edits, patients, copies, parts, findings."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from counterpoise.core.catalog.context import Context
from counterpoise.core.catalog.groups import Origin, find_groups
from counterpoise.core.catalog.listing import Listing
from counterpoise.core.catalog.measure import FileReading, FrameReading
from counterpoise.core.catalog.privacy import identifying_kinds
from counterpoise.core.catalog.rules import judge
from counterpoise.core.catalog.split import SplitItem, make_parts
from counterpoise.core.catalog.types import PARTS, Catalog, ImageRecord, Part, Skipped, Sources
from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.settings import DataSettings
from counterpoise.core.study.edits import Edit
from counterpoise.core.study.secret import pseudonym

Key = tuple[str, int]


def assemble(
    sources: Sources,
    settings: DataSettings,
    listing: Listing,
    readings: Sequence[FileReading],
    edits: Sequence[Edit],
    secret: bytes,
) -> Catalog:
    """Return the catalog; raises CounterpoiseError where no file gave an image."""
    rows = sorted(
        (
            (c, r, len(reading.frames) > 1)
            for c, reading in zip(listing.candidates, readings, strict=True)
            for r in reading.frames
        ),
        key=lambda row: (row[0].path, row[1].frame),
    )
    skipped = tuple(
        sorted(
            [
                *listing.skipped,
                *(
                    Skipped(c.path, r.reason, r.code)
                    for c, r in zip(listing.candidates, readings, strict=True)
                    if not r.frames
                ),
            ],
            key=lambda entry: entry.path,
        )
    )
    if not rows:
        raise CounterpoiseError(_no_image(sources, listing, skipped))
    keys = [(candidate.path, frame.frame) for candidate, frame, _ in rows]
    relabelled, excluded, moved = _edited(edits, keys, settings)
    labels = [relabelled.get(key, candidate.label) for key, (candidate, _, _) in zip(keys, rows, strict=True)]
    source, groups = find_groups(
        settings.group_by, [Origin(c.path, c.patient, f.patient, several) for c, f, several in rows], secret
    )
    own = [candidate.part for candidate, _, _ in rows]
    own_parts = tuple(part for part in PARTS if part in own)
    contents = [frame.content for _, frame, _ in rows]
    usable = [key not in excluded for key in keys]
    kept = _keep_once(labels, own, contents, usable)
    parts, made = _parts(keys, labels, groups, contents, own, kept, settings)
    for index, key in enumerate(keys):
        if key in moved and usable[index]:
            parts[index] = moved[key]
    images = tuple(_record(keys[i], labels[i], groups[i], parts[i], rows[i][1]) for i in range(len(rows)))
    catalog = Catalog(
        sources,
        images,
        skipped,
        sum(entry.reason != "a hidden folder" for entry in listing.skipped) + len(listing.candidates),
        empty_classes=tuple(sorted(listing.classes - set(labels))),
        own_parts=own_parts,
        excluded=frozenset(excluded),
        public_names=_public_names({*(path for path, _ in keys), *(s.path for s in skipped)}, secret),
    )
    context = Context(
        catalog=catalog,
        settings=settings,
        group_source=source,
        table=listing.table,
        made=made,
        copies=frozenset(key for key, keep, use in zip(keys, kept, usable, strict=True) if use and not keep),
        notes={key: _notes(frame) for key, (_, frame, _) in zip(keys, rows, strict=True) if frame.notes},
        folders=tuple(sorted(listing.classes)),
    )
    return Catalog(**{**_fields(catalog), "findings": judge(context)})


def _fields(catalog: Catalog) -> dict[str, Any]:
    return {name: getattr(catalog, name) for name in catalog.__dataclass_fields__}


def _record(key: Key, label: str, group: str, part: Part, frame: FrameReading) -> ImageRecord:
    return ImageRecord(
        key[0],
        key[1],
        label,
        group,
        part,
        frame.content,
        frame.width,
        frame.height,
        frame.channels,
        frame.bits,
        cast(Any, frame.units),
        frame.format,
        frame.minimum,
        frame.maximum,
        frame.mean,
        frame.std,
    )


def _edited(
    edits: Iterable[Edit], keys: Sequence[Key], settings: DataSettings
) -> tuple[dict[Key, str], set[Key], dict[Key, Part]]:
    """Return what edits and settings change: labels, images left out, parts."""
    relabelled: dict[Key, str] = {}
    excluded = set(_excluded(keys, settings.exclude))
    moved: dict[Key, Part] = {}
    for edit in edits:
        key = (edit.path, edit.frame)
        if edit.kind == "relabel" and edit.value:
            relabelled[key] = edit.value
        elif edit.kind == "exclude":
            excluded.add(key)
        elif edit.kind == "restore":
            excluded.discard(key)
        elif edit.kind == "move" and edit.value in PARTS:
            moved[key] = edit.value
    return relabelled, excluded & set(keys), moved


def _excluded(keys: Sequence[Key], exclude: Sequence[str]) -> Iterable[Key]:
    """Return the images that ``data.exclude`` names by file or by folder."""
    if not exclude:
        return ()
    named = {entry.replace("\\", "/").removeprefix("./").rstrip("/") for entry in exclude} | set(exclude)

    def is_named(path: str) -> bool:
        if path in named:
            return True
        at = path.find("/")
        while at >= 0:
            if path[:at] in named:
                return True
            at = path.find("/", at + 1)
        return False

    return (key for key in keys if is_named(key[0]))


def _keep_once(
    labels: Sequence[str], own: Sequence[Part], contents: Sequence[str], usable: Sequence[bool]
) -> list[bool]:
    """Keep the first of the same pixels within a class and a part of the user's own."""
    seen: set[tuple[str, Part, str]] = set()
    kept = []
    for label, part, content, use in zip(labels, own, contents, usable, strict=True):
        kept.append(use and (label, part, content) not in seen)
        if use:
            seen.add((label, part, content))
    return kept


def _parts(
    keys: Sequence[Key],
    labels: Sequence[str],
    groups: Sequence[str],
    contents: Sequence[str],
    own: Sequence[Part],
    kept: Sequence[bool],
    settings: DataSettings,
) -> tuple[list[Part], tuple[Part, ...]]:
    """Return the part of each image, and which parts were made: from ``train``, or from everything."""
    has = {part for part in own if part}
    wanted: dict[Part, float] = {"val": settings.val, "test": settings.test}
    shares = {part: share for part, share in wanted.items() if part not in has and share > 0}
    if has and "train" not in has:
        shares = {}
    parts: list[Part] = [part if keep else "" for part, keep in zip(own, kept, strict=True)]
    pool = [i for i, keep in enumerate(kept) if keep and own[i] in ("", "train")]
    items = [SplitItem(labels[i], groups[i], contents[i], keys[i][0]) for i in pool]
    for index, part in zip(pool, make_parts(items, shares, settings.seed), strict=True):
        parts[index] = part
    return parts, tuple(part for part in PARTS if part in shares and part in parts)


def _notes(frame: FrameReading) -> tuple[tuple[str, Mapping[str, Any]], ...]:
    return tuple((code, evidence) for code, evidence in json.loads(frame.notes))


def _public_names(paths: Iterable[str], secret: bytes) -> dict[str, str]:
    return {path: f"img-{pseudonym(secret, path)}" for path in sorted(paths) if identifying_kinds(path)}


def _no_image(sources: Sources, listing: Listing, skipped: Sequence[Skipped]) -> str:
    where = str(sources.root) if sources.root else "The class folders"
    if listing.table is not None:
        return (
            f"{where} holds no image that the labels file names: expected paths relative to that folder, "
            f"received {_example(listing)}. Mend the column path, or give the folder it belongs to."
        )
    loose = sum(entry.reason == "outside the class folders" for entry in skipped)
    if loose and not listing.candidates:
        return (
            f"{where} has no class folders: expected one sub-folder with images per class, "
            f"received {loose:,} loose files. Sort them into class folders, or give a labels file."
        )
    unreadable = sum(entry.code != "unsupported-file" for entry in skipped)
    seen = f"{len(skipped):,} other files" if skipped else "an empty folder"
    seen = f"{unreadable:,} files that can't be read" if unreadable else seen
    verb = "holds" if sources.root else "hold"
    return (
        f"{where} {verb} no image: expected JPEG, PNG, BMP, GIF, WebP, TIFF or DICOM files, received {seen}. "
        "Choose the folder with the images."
    )


def _example(listing: Listing) -> str:
    table = listing.table
    if table is None or not table.rows:
        return "no usable row"
    return f"such as '{table.rows[0].path}'"
