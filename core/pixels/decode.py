"""From files to records: what worker processes of the store do."""

from dataclasses import dataclass
from pathlib import Path

from counterpoise.core.catalog.content import content_of
from counterpoise.core.catalog.readers import UnreadableImage, read_bytes, read_frames_of_bytes
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
    """Frame, slot in the records, content that the scan saw."""


@dataclass(frozen=True)
class Failure:
    path: str
    reason: str


def decode_into(records: Path, fmt: PixelFormat, task: DecodeTask) -> list[Failure]:
    """Decode, prepare and write the frames of one file; return what failed."""
    with RecordFile(records) as file:
        return decode_one(file, fmt, task)


def decode_one(records: RecordFile, fmt: PixelFormat, task: DecodeTask) -> list[Failure]:
    """Decode one file into open records; frames whose pixels aren't those of the scan fail."""
    wanted = {frame: (slot, content) for frame, slot, content in task.frames}
    numbers = sorted(max(frame, 0) for frame in wanted)  # the one image of a file is its frame 0
    try:
        for frame in read_frames_of_bytes(read_bytes(task.file), task.file.name, numbers):
            slot, content = wanted.pop(frame.frame)
            if content_of(frame.pixels) != content:
                return [Failure(task.path, "it has changed since the scan")]
            records.write(slot, prepare_with_gaps(frame, fmt))
    except UnreadableImage as error:
        return [Failure(task.path, error.reason)]
    except KeyError:
        return [Failure(task.path, "it has other frames than at the scan")]
    return [Failure(task.path, "it has fewer frames than at the scan")] if wanted else []
