"""Images the run didn't learn from, to compare exports on."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from counterpoise.core.catalog.content import content_of
from counterpoise.core.catalog.own_images import scan_for
from counterpoise.core.catalog.readers import UnreadableImage, read_frame
from counterpoise.core.catalog.snapshot import SplitRow, matched, read_split_csv
from counterpoise.core.catalog.sources import sources_from_json
from counterpoise.core.catalog.types import Sources
from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.pixels.format import PixelFormat
from counterpoise.core.pixels.prepare import prepare
from counterpoise.core.settings import DataSettings
from counterpoise.core.study.places import recall_location
from counterpoise.core.study.run_folder import RunFolder

MOST = 64
"""Images that every export is compared on: enough to see a wrong layer, quick in the slowest runtime."""

Images = NDArray[Any]


def held_out_images(run: RunFolder, run_id: str, fmt: PixelFormat, sources: Sources | None) -> Images:
    """Return prepared validation images [n, h, w, c] of a run, at most MOST, of every class.

    They are looked for in ``sources`` (None: where this user's images of the run lay last): by name,
    and where names have changed by content. Raises CounterpoiseError, which asks for ``--data``, where
    none is found.
    """
    rows = read_split_csv(run.split)
    chosen = spread([row for row in rows if row.part == "val"], MOST)
    remembered = recall_location(run_id) if sources is None else None
    sources = sources_from_json(remembered) if remembered else sources
    found = [] if sources is None else _by_name(sources, chosen, fmt)
    if len(found) < len(chosen) and sources is not None:
        found = _by_content(sources, rows, fmt) or found
    if not found:
        raise CounterpoiseError(
            f"The images of the run {run.root} aren't found where they lay, and an export is compared with "
            f"the run on {len(chosen)} of them. Say where they lie now with --data."
        )
    return np.stack(found)


def spread(rows: Sequence[SplitRow], most: int) -> list[SplitRow]:
    """Return at most ``most`` rows, of each class in turn, evenly over the class."""
    by_label: dict[str, list[SplitRow]] = {}
    for row in rows:
        by_label.setdefault(row.label, []).append(row)
    share = max(1, -(-most // max(1, len(by_label))))
    taken = [_evenly(of_class, share) for _, of_class in sorted(by_label.items())]
    turns = [row for turn in range(share) for of_class in taken for row in of_class[turn : turn + 1]]
    return turns[:most]


def _evenly(rows: list[SplitRow], most: int) -> list[SplitRow]:
    count = min(len(rows), most)
    return [rows[index * len(rows) // count] for index in range(count)]


def _by_name(sources: Sources, rows: Sequence[SplitRow], fmt: PixelFormat) -> list[Images]:
    found = []
    for row in rows:
        try:
            frame = read_frame(sources.locate(row.path), row.frame)
        except (UnreadableImage, IndexError):  # IndexError: no such class folder
            continue
        if content_of(frame.pixels) == row.content:
            found.append(prepare(frame, fmt))
    return found


def _by_content(sources: Sources, rows: Sequence[SplitRow], fmt: PixelFormat) -> list[Images]:
    try:
        wanted = [row for row in rows if row.part == "val"]
        catalog = matched(scan_for(sources, DataSettings(), wanted), rows)
    except CounterpoiseError:
        return []  # the folder is gone, or holds no image: said by the caller
    images = [image for image in catalog.images if image.part == "val"]
    step = max(1, len(images) // MOST)
    return [prepare(read_frame(sources.locate(i.path), i.frame), fmt) for i in images[::step][:MOST]]
