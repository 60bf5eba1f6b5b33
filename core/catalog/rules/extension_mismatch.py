"""Files whose name says another format than their content."""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import PurePosixPath

from counterpoise.core.catalog.context import Context
from counterpoise.core.catalog.readers import ending_fits, is_image_name
from counterpoise.core.findings import Finding, Severity, make_finding
from counterpoise.core.findings.words import count, some

_ENDINGS = (
    ".txt .csv .tsv .json .xml .html .htm .md .pdf .doc .docx .xls .xlsx .zip .gz .npy .npz .mat .nii "
    ".mp4 .avi"
)
OTHER_ENDINGS = frozenset(_ENDINGS.split())
"""Of files that are no images; an unknown ending (``.left``, a part of a DICOM UID) claims nothing."""


def extension_mismatch(context: Context) -> Iterable[Finding]:
    """The content decided; the name only confuses people and other programs."""
    wrong = {
        image.path: image.format for image in context.present if _misleads(_ending(image.path), image.format)
    }
    if not wrong:
        return
    pairs = [f"'{PurePosixPath(path).name}' is {kind}" for path, kind in wrong.items()]
    yield make_finding(
        "extension-mismatch",
        Severity.INFO,
        {"files": len(wrong), "formats": sorted(set(wrong.values()))},
        words={"number": count(len(wrong), "file"), "which": some(pairs)},
        paths=list(wrong),
    )


def _ending(path: str) -> str:
    """Return the last suffix; plain text, since a path object per image would take longer than the scan."""
    name, dot, suffix = path.rpartition("/")[2].rpartition(".")
    return dot + suffix if name else ""


@lru_cache(maxsize=1024)
def _misleads(ending: str, image_format: str) -> bool:
    name = f"x{ending}"
    claims = is_image_name(name) or ending.lower() in OTHER_ENDINGS
    return claims and not (ending_fits(name, image_format) and is_image_name(name))
