"""What a file is, by its content; its name counts only where the content says nothing."""

import re
from pathlib import Path, PurePath

from counterpoise.core.catalog.layout import SYSTEM_FILES
from counterpoise.core.catalog.readers.frame import UnreadableImage

EXTENSIONS: dict[str, tuple[str, ...]] = {
    "JPEG": (".jpg", ".jpeg", ".jpe", ".jfif"),
    "PNG": (".png", ".apng"),
    "BMP": (".bmp", ".dib"),
    "GIF": (".gif",),
    "WebP": (".webp",),
    "TIFF": (".tif", ".tiff", ".btf", ".svs"),
    "DICOM": (".dcm", ".dicom", ".dic", ".ima"),
}
"""The usual endings of each format; DICOM files often have none."""
_IMAGE_ENDINGS = {ending for endings in EXTENSIONS.values() for ending in endings}
_SYSTEM_FILES = SYSTEM_FILES | {".ds_store", "dicomdir"}

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"II+\0", "TIFF"),
    (b"MM\0+", "TIFF"),
)
_OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "an archive or office document"),
    (b"\x1f\x8b", "a compressed file"),
    (b"SQLite format 3", "a database"),
    (b"\x89HDF", "an HDF5 file"),
    (b"NRRD", "an NRRD volume"),
    (b"\x00\x00\x00\x0cjP  ", "a JPEG 2000 file outside DICOM"),
    (b"8BPS", "a Photoshop document"),
)
_VALUE_REPRESENTATIONS = re.compile(b"A[EST]|CS|D[AST]|F[DL]|IS|L[OT]|O[BDFLVW]|PN|S[HLQSTV]|TM|U[CILNRSTV]")


def sniff(data: bytes, name: str = "") -> str:
    """Return the format of ``data``, a key of ``EXTENSIONS``.

    Raises UnreadableImage: ``unsupported-file`` for what claims to be no image, ``unreadable-image``
    for an empty file and for one whose name says image while its content doesn't.
    """
    found = _image_format(data)
    if found:
        return found
    system = name.lower() in _SYSTEM_FILES or name.startswith("._")
    ending = PurePath(name).suffix.lower()
    claims_image = ending in _IMAGE_ENDINGS or (not data and not ending and not name.startswith("."))
    if system or not claims_image:
        raise UnreadableImage(_kind_of_other(data, ending, system), "unsupported-file")
    if not data.strip(b"\0"):
        raise UnreadableImage("the file is empty" if not data else "the file holds nothing but zeros")
    raise UnreadableImage(f"the file is named {ending} but its content is no image")


def is_harmless(file: str | Path) -> bool:
    """Whether a file may be decoded in a process that must live.

    DICOM and TIFF hold a dozen compressions each, whose decoders some damaged file can crash; worker
    processes or ``jobs.helper`` read those. The few formats of ``pillow`` have stood all that
    ``tests/faults/fuzz.py`` made of them. What can't be opened does no harm either.
    """
    try:
        with Path(file).open("rb", buffering=0) as stream:
            return _image_format(stream.read(1024)) not in ("DICOM", "TIFF")
    except OSError:
        return True


def is_image_name(name: str) -> bool:
    """Whether the ending of a file name is one of an image format we read."""
    return PurePath(name).suffix.lower() in _IMAGE_ENDINGS


def ending_fits(name: str, image_format: str) -> bool:
    """Whether a file's ending fits its format; none fits all, DICOM may have any that isn't another's."""
    ending = PurePath(name).suffix.lower()
    if not ending:
        return True
    if image_format == "DICOM":
        return ending not in _IMAGE_ENDINGS or ending in EXTENSIONS["DICOM"]
    return ending in EXTENSIONS[image_format]


def _image_format(data: bytes) -> str | None:
    # First, because a DICOM preamble may hold the header of a TIFF (dual-personality slides).
    if data[128:132] == b"DICM":
        return "DICOM"
    for signature, image_format in _SIGNATURES:
        if data.startswith(signature):
            return image_format
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WebP"
    if data[:2] == b"BM" and data[6:10] == b"\0\0\0\0":
        return "BMP"
    return "DICOM" if _bare_dicom(data) else None


def _bare_dicom(data: bytes) -> bool:
    """DICOM without preamble: begins with an element of group 2 or 8, little or big endian."""
    for group in (b"\x02\0", b"\x08\0"):
        if data.startswith(group):
            if _VALUE_REPRESENTATIONS.fullmatch(data[4:6]):
                return True
            # Implicit: a small element number, a length of four bytes within the file.
            length = int.from_bytes(data[4:8], "little")
            return data[3:4] == b"\0" and length < 256 and length % 2 == 0 and len(data) > 256
    return data[:2] == b"\0\x08" and bool(_VALUE_REPRESENTATIONS.fullmatch(data[4:6]))


def _kind_of_other(data: bytes, ending: str, system: bool) -> str:
    if system:
        return "a file of the operating system"
    for signature, kind in _OTHERS:
        if data.startswith(signature):
            return kind
    return f"not an image ({ending})" if ending else "not an image"
