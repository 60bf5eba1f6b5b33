"""From files to prepared images: what worker processes of the store and of the evaluation do."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from counterpoise.core.catalog.content import content_of
from counterpoise.core.catalog.readers import Frame, UnreadableImage, read_bytes, read_frames_of_bytes
from counterpoise.core.catalog.types import ImageRecord, Sources
from counterpoise.core.pixels.format import PixelFormat
from counterpoise.core.pixels.prepare import prepare_with_gaps
from counterpoise.core.pixels.records import RecordFile


@dataclass(frozen=True)
class DecodeTask:
    """The wanted frames of one file."""

    path: str
    """In the catalog: for sentences."""
    file: Path
    frames: tuple[tuple[int, int, str], ...]
    """Frame, place (slot in the records, or position in a list), content that the scan saw."""


@dataclass(frozen=True)
class Failure:
    path: str
    reason: str


def tasks_by_file(sources: Sources, placed: Iterable[tuple[int, ImageRecord]]) -> list[DecodeTask]:
    """Return one task per file for images with their places."""
    frames: defaultdict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for place, image in placed:
        frames[image.path].append((image.frame, place, image.content))
    return [DecodeTask(path, sources.locate(path), tuple(wanted)) for path, wanted in frames.items()]


def wanted_frames(task: DecodeTask) -> Iterator[tuple[int, Frame]]:
    """Yield places and frames; raises UnreadableImage where they aren't those of the scan."""
    wanted = {frame: (place, content) for frame, place, content in task.frames}
    numbers = sorted(max(frame, 0) for frame in wanted)  # the one image of a file is its frame 0
    for frame in read_frames_of_bytes(read_bytes(task.file), task.file.name, numbers):
        place, content = wanted.pop(frame.frame, (-1, ""))
        if content_of(frame.pixels) != content:
            raise UnreadableImage("it has changed since the scan")
        yield place, frame
    if wanted:
        raise UnreadableImage("it has fewer frames than at the scan")


def decode_into(records: Path, fmt: PixelFormat, task: DecodeTask) -> Failure | None:
    """Decode, prepare and write the frames of one file; return what failed."""
    with RecordFile(records) as file:
        return decode_one(file, fmt, task)


def decode_one(records: RecordFile, fmt: PixelFormat, task: DecodeTask) -> Failure | None:
    """Decode one file into open records; return what failed."""
    try:
        for slot, frame in wanted_frames(task):
            records.write(slot, prepare_with_gaps(frame, fmt))
    except UnreadableImage as error:
        return Failure(task.path, error.reason)
    return None
