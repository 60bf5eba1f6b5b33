"""From files to prepared images: what worker processes of the store and of the evaluation do."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from counterpoise.core.catalog.content import content_of
from counterpoise.core.catalog.readers import Frame, UnreadableImage, read_bytes, read_frames_of_bytes
from counterpoise.core.catalog.readers.allowance import allowance
from counterpoise.core.catalog.readers.limits import in_few_words
from counterpoise.core.catalog.types import ImageRecord, Sources
from counterpoise.core.errors import is_disk_full
from counterpoise.core.jobs.pool import Limits
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


READING: Limits[DecodeTask] = allowance(lambda task: task.file)
"""What a worker may take for the frames of one file."""
Kind = Literal["gone", "changed", "died", "full", "cache"]


@dataclass(frozen=True)
class Failure:
    """A file that couldn't be prepared, and why."""

    path: str
    reason: str
    kind: Kind = "changed"
    """``gone``: the system didn't give the file's bytes, ``changed``: they aren't the image of the scan,
    ``died``: so did the process that read it, ``full`` and ``cache``: the record couldn't be written."""


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
    try:
        file = RecordFile(records)
    except (OSError, ValueError) as error:
        return Failure(task.path, in_few_words(error), "cache")
    with file:
        return decode_one(file, fmt, task)


def decode_one(records: RecordFile, fmt: PixelFormat, task: DecodeTask) -> Failure | None:
    """Decode one file into open records; return what failed."""
    try:
        for slot, frame in wanted_frames(task):
            prepared = prepare_with_gaps(frame, fmt)
            try:
                records.write(slot, prepared)
            except OSError as error:
                return Failure(task.path, in_few_words(error), "full" if is_disk_full(error) else "cache")
    except UnreadableImage as error:
        return failure_of(task, error)
    return None


def failure_of(task: DecodeTask, error: UnreadableImage) -> Failure:
    """Return what an error says of a file: whether the system didn't give it, or it is another one."""
    return Failure(task.path, error.reason, "gone" if isinstance(error.__cause__, OSError) else "changed")
