"""From readings to a catalog: labels, edits, patients, copies, parts, findings."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from counterpoise.core.catalog.alike.copies import Copies, Picture
from counterpoise.core.catalog.context import Context
from counterpoise.core.catalog.edited import changes
from counterpoise.core.catalog.groups import Origin, find_groups
from counterpoise.core.catalog.listing import Candidate, Listing
from counterpoise.core.catalog.measure import FileReading, FrameReading
from counterpoise.core.catalog.no_image import no_image
from counterpoise.core.catalog.privacy import identifying_kinds
from counterpoise.core.catalog.rules import judge
from counterpoise.core.catalog.split import SplitItem, make_parts
from counterpoise.core.catalog.types import PARTS, Catalog, ImageRecord, Key, Part, Skipped, Sources
from counterpoise.core.catalog.walk import HIDDEN_FOLDER
from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.settings import DataSettings
from counterpoise.core.study.edits import Edit
from counterpoise.core.study.secret import pseudonym


def assemble(
    sources: Sources,
    settings: DataSettings,
    listing: Listing,
    readings: Sequence[FileReading],
    edits: Sequence[Edit],
    secret: bytes,
    find: Callable[[Sequence[Picture]], Copies] | None = None,
    *,
    judged: bool = True,
) -> Catalog:
    """Return the catalog; raises CounterpoiseError where no file gave an image.

    ``find`` is asked for the copies among its images, one for each content. Findings come only where it
    is ``judged``.
    """
    files = list(zip(listing.candidates, readings, strict=True))
    skipped = [*listing.skipped, *(Skipped(c.path, r.reason, r.code) for c, r in files if not r.frames)]
    skipped.sort(key=lambda entry: entry.path)
    rows = [(candidate, frame) for candidate, reading in files for frame in reading.frames]
    if not rows:
        raise CounterpoiseError(no_image(sources, listing, skipped))
    rows.sort(key=lambda row: (row[0].path, row[1].frame))
    keys = [(candidate.path, frame.frame) for candidate, frame in rows]
    contents = [frame.content for _, frame in rows]
    own = [candidate.part for candidate, _ in rows]
    changed = changes(edits, settings.exclude, keys)
    labels = [changed.labels.get(key, row[0].label) for key, row in zip(keys, rows, strict=True)]
    source, groups = find_groups(settings.group_by, _origins(rows), secret)
    usable = [key not in changed.excluded for key in keys]
    kept = _keep_once(labels, own, contents, usable)
    items = [SplitItem(*item) for item in zip(labels, groups, contents, (k[0] for k in keys), strict=True)]
    alike = find(_pictures(rows, keys, groups)) if find is not None else Copies()
    pairs = _contents_of(alike, dict(zip(keys, contents, strict=True)))
    parts, made = _parts(items, own, kept, settings, pairs)
    for index, key in enumerate(keys):
        if usable[index]:
            parts[index] = changed.parts.get(key, parts[index])
    catalog = Catalog(
        sources,
        tuple(map(_record, keys, labels, groups, parts, (frame for _, frame in rows))),
        tuple(skipped),
        files=len(files) + sum(entry.reason != HIDDEN_FOLDER for entry in listing.skipped),
        empty_classes=tuple(sorted(listing.classes - {candidate.label for candidate, _ in rows})),
        own_parts=tuple(part for part in PARTS if part in own),
        excluded=changed.excluded,
        public_names=_public_names({*(key[0] for key in keys), *(entry.path for entry in skipped)}, secret),
        group_source=source,
    )
    if not judged:
        return catalog
    context = Context(
        catalog=catalog,
        settings=settings,
        group_source=source,
        table=listing.table,
        made=made,
        copies=frozenset(key for key, use, keep in zip(keys, usable, kept, strict=True) if use and not keep),
        notes={key: _notes(frame) for key, (_, frame) in zip(keys, rows, strict=True) if frame.notes},
        alike=alike,
    )
    return replace(catalog, findings=judge(context))


def _origins(rows: Sequence[tuple[Candidate, FrameReading]]) -> list[Origin]:
    return [Origin(c.path, c.patient, frame.patient, frame.frame >= 0) for c, frame in rows]


def _pictures(
    rows: Sequence[tuple[Candidate, FrameReading]], keys: Sequence[Key], groups: Sequence[str]
) -> list[Picture]:
    """Return the first image of each content."""
    found: dict[str, Picture] = {}
    for (candidate, frame), key, group in zip(rows, keys, groups, strict=True):
        if frame.content not in found:
            found[frame.content] = Picture(
                frame.content, key, candidate.file, group, (frame.height, frame.width)
            )
    return list(found.values())


def _contents_of(alike: Copies, content_of: Mapping[Key, str]) -> list[tuple[str, str]]:
    """Return the pairs by their contents, the surest first."""
    ranked = []
    for pair in alike.pairs:
        a, b = sorted((content_of[pair.a], content_of[pair.b]))
        ranked.append((pair.kind != "copy", -pair.similarity, a, b))
    return [(a, b) for _, _, a, b in sorted(ranked)]  # those of one rank by content, whatever their names


def _record(key: Key, label: str, group: str, part: Part, frame: FrameReading) -> ImageRecord:
    return ImageRecord(
        path=key[0],
        frame=key[1],
        label=label,
        group=group,
        part=part,
        content=frame.content,
        width=frame.width,
        height=frame.height,
        channels=frame.channels,
        bits=frame.bits,
        units=frame.units,
        format=frame.format,
        minimum=frame.minimum,
        maximum=frame.maximum,
        mean=frame.mean,
        std=frame.std,
        edge=frame.edge,
    )


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
    items: Sequence[SplitItem],
    own: Sequence[Part],
    kept: Sequence[bool],
    settings: DataSettings,
    copies: Sequence[tuple[str, str]],
) -> tuple[list[Part], tuple[Part, ...]]:
    """Return the part of each image, and which parts were made: from ``train``, or from everything."""
    has = {part for part in own if part}
    wanted: dict[Part, float] = {"val": settings.val, "test": settings.test}
    shares = {part: share for part, share in wanted.items() if part not in has and share > 0}
    if has and "train" not in has:
        shares = {}
    parts: list[Part] = [part if keep else "" for part, keep in zip(own, kept, strict=True)]
    pool = [index for index, keep in enumerate(kept) if keep and own[index] in ("", "train")]
    chosen = make_parts([items[i] for i in pool], shares, settings.seed, copies)
    for index, part in zip(pool, chosen, strict=True):
        parts[index] = part
    return parts, tuple(part for part in PARTS if part in shares and part in parts)


def _notes(frame: FrameReading) -> tuple[tuple[str, Mapping[str, Any]], ...]:
    return tuple((code, evidence) for code, evidence in json.loads(frame.notes))


def _public_names(paths: Iterable[str], secret: bytes) -> dict[str, str]:
    telling = sorted(path for path in paths if identifying_kinds(path))
    return {path: f"img-{pseudonym(secret, path)}" for path in telling}
