"""One file in, what the catalog keeps of it out; runs in worker processes."""

import json
import os
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from counterpoise.core.catalog.alike.sketch import sketch
from counterpoise.core.catalog.burned_in import WRITING, looks_written_on
from counterpoise.core.catalog.content import content_of, is_grey
from counterpoise.core.catalog.readers import read_bytes, read_frames_of_bytes
from counterpoise.core.catalog.readers.frame import Frame, Note, UnreadableImage
from counterpoise.core.catalog.thumbnail_codec import pack
from counterpoise.core.catalog.thumbnails import medium, shrunk, visible
from counterpoise.core.catalog.types import Units
from counterpoise.core.study.secret import pseudonym


class FrameReading(NamedTuple):
    """One readable frame: everything of an ImageRecord that the file itself decides."""

    frame: int
    content: str
    width: int
    height: int
    channels: int
    bits: int
    units: Units
    format: str
    minimum: float
    maximum: float
    mean: float
    std: float
    edge: float
    """Mean of the outermost rows and columns."""
    patient: str
    """Pseudonym of the DICOM PatientID; empty where there is none."""
    notes: str
    """JSON list of [code, evidence]; empty where there are none."""
    sketch: bytes = b""
    """See ``alike.sketch``. Empty where it came from the store, which gives sketches when asked."""


class FileReading(NamedTuple):
    """What a file gave: frames, or the reason why none."""

    frames: tuple[FrameReading, ...]
    reason: str = ""
    code: str = ""
    passing: bool = False
    """Whether disk or memory failed, not the file: to be tried again at the next scan."""
    thumbnails: tuple[bytes, ...] = ()
    """Of each frame, as ``thumbnail_codec`` packs them; none where it came from the store."""


_WORDS = (
    "anon anonym anonymous anonymized anonymised anonymous^patient anonymized^patient de-identified "
    "deidentified removed unknown none null n/a na no-id noid patient patientid test xxx"
)
PLACEHOLDERS = frozenset(_WORDS.split())
"""PatientIDs that anonymisation leaves behind: they say nothing about who is who."""


def measure(file: str, secret: bytes, looked_at: float = 1.0) -> FileReading:
    """Read ``file`` once; a file that gives no image is a reading with its reason, never an error.

    Writing is looked for in the share ``looked_at`` of all images, chosen by their content.
    """
    try:
        data = read_bytes(Path(file))
    except UnreadableImage as error:
        return FileReading((), error.reason, error.code, passing=isinstance(error.__cause__, OSError))
    frames, thumbnails = [], []
    try:
        for frame in read_frames_of_bytes(data, file.rpartition(os.sep)[2]):
            shown = visible(frame)
            picture = medium(shown)
            frames.append(_measured(frame, shown, picture, secret, looked_at))
            thumbnails.append(pack(shrunk(picture)))
    except UnreadableImage as error:
        return FileReading((), error.reason, error.code, passing=isinstance(error.__cause__, MemoryError))
    if not frames:
        return FileReading((), "it holds no image", "unreadable-image")
    return FileReading(tuple(frames), thumbnails=tuple(thumbnails))


def _measured(
    frame: Frame, shown: NDArray[np.uint8], picture: NDArray[np.uint8], secret: bytes, looked_at: float
) -> FrameReading:
    pixels, notes = frame.pixels, frame.notes
    minimum, maximum, mean, std = statistics(frame)
    content = content_of(pixels)
    if pixels.ndim == 3 and is_grey(pixels):
        notes = (*notes, GREY_AS_COLOR)
    if int(content[:4], 16) < looked_at * 16**4 and looks_written_on(shown):
        notes = (*notes, WRITING)
    return FrameReading(
        frame.frame,
        content,
        frame.width,
        frame.height,
        frame.channels,
        frame.bits,
        frame.units,
        frame.format,
        minimum,
        maximum,
        mean,
        std,
        edge_of(pixels if frame.padding is None else _filled(pixels, frame.padding, minimum)),
        _patient(frame.patient_id, secret),
        json.dumps([[code, dict(evidence)] for code, evidence in notes]) if notes else "",
        sketch(picture),
    )


def _filled(pixels: NDArray[Any], padding: float, lowest: float) -> NDArray[Any]:
    """Return pixels with padding as the network sees it (see ``pixels.prepare``)."""
    return np.where(pixels == padding, np.asarray(lowest, pixels.dtype), pixels)


GREY_AS_COLOR: Note = ("mixed-color", {"grey": True})
"""Of a grey image that its file stores as colour: the network sees it as any other grey one."""


def _patient(patient_id: str | None, secret: bytes) -> str:
    name = (patient_id or "").strip()
    meaningless = not name.strip("0 .-_xX") or name.casefold() in PLACEHOLDERS
    return "" if meaningless else pseudonym(secret, name)


def statistics(frame: Frame) -> tuple[float, float, float, float]:
    """Return minimum, maximum, mean and standard deviation of a frame's values, padding left out.

    An image of nothing but padding counts as constant at the padding value.
    """
    pixels = frame.pixels
    if pixels.dtype == np.uint8 and frame.padding is None:
        return _of_bytes(pixels)
    values = pixels.reshape(-1)
    if frame.padding is not None:
        kept = values[values != frame.padding]
        values = kept if kept.size else values[:1]
    mean = float(values.mean(dtype=np.float64))
    squares = 0.0
    for start in range(0, values.size, _STRETCH):  # a whole copy in float64 would take eight times a file
        away = values[start : start + _STRETCH].astype(np.float64) - mean
        squares += float(away @ away)
    return float(values.min()), float(values.max()), mean, (squares / values.size) ** 0.5


def edge_of(pixels: np.ndarray) -> float:
    """Return the mean of the outermost rows and columns, one in 32 of the shorter side on each."""
    width = max(1, min(pixels.shape[:2]) // 32)
    if pixels.dtype == np.uint8 and pixels.size < _SMALL and min(pixels.shape[:2]) > 2:
        # The same in half the calls, which is what small ones cost.
        inner = pixels[width:-width, width:-width]
        return (int(pixels.sum()) - int(inner.sum())) / (pixels.size - inner.size)
    sides = pixels[:width], pixels[-width:], pixels[width:-width, :width], pixels[width:-width, -width:]
    total = sum(float(side.sum(dtype=np.float64)) for side in sides)
    return total / max(1, sum(side.size for side in sides))


_STRETCH = 1_000_000
_SMALL = 20_000
_POWERS = np.arange(256.0) ** [[1], [2]]


def _of_bytes(pixels: np.ndarray) -> tuple[float, float, float, float]:
    # From counts per level: numpy's passes over float64 copies take ten times as long.
    if pixels.size < _SMALL:
        counts = np.bincount(pixels.reshape(-1), minlength=256)
    else:  # Pillow's histogram has more to set up, but reads a byte eight times faster
        flat = np.ascontiguousarray(pixels).reshape(pixels.shape[0], -1)
        counts = np.asarray(Image.fromarray(flat).histogram())
    present = counts.astype(bool).tobytes()
    total, squares = (_POWERS @ counts).tolist()
    mean = total / pixels.size
    variance = max(squares / pixels.size - mean * mean, 0.0)
    return float(present.find(1)), float(present.rfind(1)), mean, variance**0.5
