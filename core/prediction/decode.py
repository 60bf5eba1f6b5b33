"""Files to prepared images, in worker processes: a file that kills its decoder takes only its own row."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from counterpoise.core.catalog.readers import Frame, UnreadableImage, read_bytes, read_frames_of_bytes
from counterpoise.core.catalog.types import NO_FRAME
from counterpoise.core.pixels.format import PixelFormat
from counterpoise.core.pixels.prepare import prepare

MOST_FRAMES = 32
"""Frames that travel together: bounds what a file of thousands of frames takes."""


@dataclass(frozen=True)
class Request:
    """Frames of a file from ``start`` on, at most MOST_FRAMES."""

    file: Path
    start: int = 0


@dataclass(frozen=True)
class Decoded:
    """One prepared image [h, w, c], or the reason why there is none."""

    frame: int
    image: NDArray[Any] | None
    error: str = ""


@dataclass(frozen=True)
class Piece:
    images: tuple[Decoded, ...]
    remaining: int = 0
    """Frames of the file that come after these."""


def decode(request: Request, fmt: PixelFormat) -> Piece:
    """Read and prepare the frames of a request. A frame that can't be read is one with an error."""
    try:
        data = read_bytes(request.file)
        first = next(read_frames_of_bytes(data, request.file.name, (request.start,)))
        found = [_prepared(first, fmt)]
    except UnreadableImage as error:
        return Piece((Decoded(NO_FRAME, None, error.reason),))
    end = min(first.n_frames, request.start + MOST_FRAMES)
    index = request.start + 1
    while index < end:
        try:
            for frame in read_frames_of_bytes(data, request.file.name, range(index, end)):
                found.append(_prepared(frame, fmt))
                index += 1
        except UnreadableImage as error:
            found.append(Decoded(index, None, error.reason))
            index += 1
    return Piece(tuple(found), max(0, first.n_frames - end))


def _prepared(frame: Frame, fmt: PixelFormat) -> Decoded:
    """Prepare a frame; one whose values the model's units can't hold would be cut off silently."""
    highest = {"uint8": 255, "uint16": 65535}.get(fmt.units)
    if highest is not None and frame.units in ("dicom", "float"):
        values = frame.pixels if frame.padding is None else frame.pixels[frame.pixels != frame.padding]
        low, high = float(values.min(initial=0)), float(values.max(initial=0))
        if low < 0 or high > highest:
            reason = f"its values reach from {low:g} to {high:g}, but the model takes 0 to {highest}"
            return Decoded(frame.frame, None, reason)
    return Decoded(frame.frame, prepare(frame, fmt))
