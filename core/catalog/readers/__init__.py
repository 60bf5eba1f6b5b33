"""One file in, its frames out, whatever the format.

The content decides, not the name. Each frame is decoded when it is asked for; a fault in a later frame is
raised there. What gives no image raises UnreadableImage with the code of its finding.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from counterpoise.core.catalog.readers.frame import Frame, Note, Pixels, UnreadableImage
from counterpoise.core.catalog.readers.limits import MAX_FILE_BYTES, in_few_words
from counterpoise.core.catalog.readers.pillow import read_pillow
from counterpoise.core.catalog.readers.sniff import ending_fits, is_harmless, is_image_name, sniff
from counterpoise.core.catalog.types import NO_FRAME

__all__ = [
    "Frame",
    "Note",
    "Pixels",
    "UnreadableImage",
    "ending_fits",
    "is_harmless",
    "is_image_name",
    "read_bytes",
    "read_frame",
    "read_frames",
    "read_frames_of_bytes",
    "sniff",
]


def read_bytes(path: Path) -> bytes:
    """Return a whole file; raises UnreadableImage where it can't be read or is beyond 2 GB."""
    try:
        with path.open("rb", buffering=0) as file:
            if os.fstat(file.fileno()).st_size > MAX_FILE_BYTES:
                raise UnreadableImage("the file is larger than 2 GB", "oversized-image")
            return file.readall()
    except OSError as error:
        raise UnreadableImage(
            f"the file can't be opened ({error.strerror or in_few_words(error)})"
        ) from error


def read_frames_of_bytes(data: bytes, name: str = "", wanted: Iterable[int] | None = None) -> Iterator[Frame]:
    """Yield the frames of a file's bytes: all, or those ``wanted`` (numbers from 0).

    ``name`` only decides how content that is no image is called.
    """
    image_format = sniff(data, name)
    # Imported when first needed: pydicom alone takes longer than a worker process to start.
    if image_format == "DICOM":
        from counterpoise.core.catalog.readers.dicom import read_dicom

        return read_dicom(data, wanted)
    if image_format == "TIFF":
        from counterpoise.core.catalog.readers.tiff import read_tiff

        return read_tiff(data, wanted)
    return read_pillow(data, image_format, wanted)


def read_frames(path: Path) -> Iterator[Frame]:
    """Yield all frames of a file."""
    return read_frames_of_bytes(read_bytes(path), path.name)


def read_frame(path: Path, frame: int = NO_FRAME) -> Frame:
    """Return one frame; NO_FRAME is the only one of a file with one image."""
    return next(read_frames_of_bytes(read_bytes(path), path.name, (max(frame, 0),)))
