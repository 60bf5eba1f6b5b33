"""``split.csv`` of a run: which images stood in which part, and the way back from it."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from counterpoise.core.catalog.types import NO_FRAME, PARTS, Catalog, ImageRecord, Part
from counterpoise.core.errors import CounterpoiseError

COLUMNS = ("path", "frame", "label", "group", "split", "content")


@dataclass(frozen=True, slots=True)
class SplitRow:
    """One line of ``split.csv``."""

    path: str
    """As files that leave the study name it."""
    frame: int
    label: str
    group: str
    part: Part
    content: str


def write_split_csv(catalog: Catalog, path: Path) -> None:
    """Write all images with their parts; those left out have an empty split."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for i in catalog.images:
            frame = "" if i.frame == NO_FRAME else i.frame
            writer.writerow((catalog.public_path(i.path), frame, i.label, i.group, i.part, i.content))


def read_split_csv(path: Path) -> tuple[SplitRow, ...]:
    """Read ``split.csv``; raises CounterpoiseError where it is missing or damaged."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            return tuple(_row(row) for row in reader)
    except OSError as error:
        raise CounterpoiseError(
            f"{path} can't be read ({error.strerror}); a run needs it. Put it back from a copy of the run."
        ) from None
    except (KeyError, TypeError, ValueError, csv.Error):
        raise CounterpoiseError(
            f"{path} is damaged: expected the columns {', '.join(COLUMNS)}. "
            "Put it back from a copy of the run."
        ) from None


def _row(row: dict[str, str]) -> SplitRow:
    frame = int(row["frame"]) if row["frame"] else NO_FRAME
    if row["split"] not in ("", *PARTS) or not row["content"] or not row["path"]:
        raise ValueError(row)
    return SplitRow(row["path"], frame, row["label"], row["group"], row["split"], row["content"])


def matched(catalog: Catalog, rows: Sequence[SplitRow]) -> Catalog:
    """Return the images of ``catalog`` that a run knew, with the parts, labels and groups they had then.

    Images are found by content, so they may have moved and been renamed; of several with the same
    content the one of the same name is taken first, then one of the same label. Images that the run
    didn't know are left out, and rows whose image isn't there give none (``missing`` counts them).
    """
    pairs = _pairs(catalog, rows)
    images = [replace(i, label=row.label, group=row.group, part=row.part) for i, row in pairs]
    images.sort(key=lambda image: (image.path, image.frame))
    labels = {row.label for row in rows}
    return replace(
        catalog,
        images=tuple(images),
        empty_classes=tuple(sorted(labels - {image.label for image in images})),
        excluded=frozenset(),
    )


def missing(catalog: Catalog, rows: Sequence[SplitRow]) -> tuple[SplitRow, ...]:
    """Return the rows with a part whose image isn't in ``catalog``."""
    found = {id(row) for _, row in _pairs(catalog, rows)}
    return tuple(row for row in rows if row.part and id(row) not in found)


def _pairs(catalog: Catalog, rows: Sequence[SplitRow]) -> list[tuple[ImageRecord, SplitRow]]:
    """Join images and rows of the same content one to one: by name, then by label, then in order."""
    waiting: dict[str, list[ImageRecord]] = {}
    for image in catalog.images:
        waiting.setdefault(image.content, []).append(image)
    pairs: list[tuple[ImageRecord, SplitRow]] = []
    for used in (True, False):  # what the run trained and judged with comes before copies it left out
        left = [row for row in rows if bool(row.part) == used]
        for fits in (_same_name, _same_label, _same_pixels):
            still: list[SplitRow] = []
            for row in left:
                images = waiting.get(row.content, [])
                found = next((image for image in images if fits(catalog, image, row)), None)
                if found is None:
                    still.append(row)
                else:
                    images.remove(found)
                    pairs.append((found, row))
            left = still
    return pairs


def _same_name(catalog: Catalog, image: ImageRecord, row: SplitRow) -> bool:
    return (catalog.public_path(image.path), image.frame) == (row.path, row.frame)


def _same_label(_: Catalog, image: ImageRecord, row: SplitRow) -> bool:
    return image.label == row.label


def _same_pixels(_catalog: Catalog, _image: ImageRecord, _row: SplitRow) -> bool:
    return True
