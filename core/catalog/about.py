"""What a file says of an image that identifies nobody: for people who look at it, never stored.

An allow list: a tag that isn't named here is never looked at, private ones included. Of those named,
text is shown only where it is a term of the standard or of ``dicom_terms``; the rest are numbers.
"""

import io
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from counterpoise.core.catalog.dicom_terms import BODY_PARTS, MAKERS, MODEL_WORDS, PHOTOMETRIC, VIEWS
from counterpoise.core.catalog.readers import Frame, read_bytes, read_frames_of_bytes
from counterpoise.core.catalog.readers.dicom_values import functional_group
from counterpoise.core.catalog.readers.dicom_windows import modality_of
from counterpoise.core.catalog.readers.limits import decoding
from counterpoise.core.catalog.readers.sniff import sniff
from counterpoise.core.catalog.types import NO_FRAME

_SIDES = {"L": "left", "R": "right", "B": "both", "U": "unpaired"}
_SEXES = {"M": "male", "F": "female", "O": "other"}
_AGE = re.compile(r"(\d{3})([DWMY])")
_OLDEST = 89
"""Years; older ages are so rare that they point at someone (45 CFR 164.514(b)(2)(i)(C))."""
_TAGS = [
    "BodyPartExamined",
    "EchoTime",
    "Exposure",
    "ExposureInuAs",
    "ExposureTime",
    "ImageLaterality",
    "ImagerPixelSpacing",
    "KVP",
    "Laterality",
    "Manufacturer",
    "ManufacturerModelName",
    "Modality",
    "NumberOfFrames",
    "PatientAge",
    "PatientSex",
    "PhotometricInterpretation",
    "PixelRepresentation",
    "PixelSpacing",
    "RepetitionTime",
    "RescaleIntercept",
    "RescaleSlope",
    "SliceThickness",
    "ViewPosition",
    "XRayTubeCurrent",
    "PerFrameFunctionalGroupsSequence",
    "SharedFunctionalGroupsSequence",
]
"""All that is read of a DICOM file. Of the sequences only measures and the transform of the pixels."""


@dataclass(frozen=True)
class About:
    """What is known of an image beside its pixels; empty or None where the file doesn't say it."""

    modality: str = ""
    body_part: str = ""
    view: str = ""
    side: str = ""
    """left, right, both, unpaired."""
    maker: str = ""
    model: str = ""
    kvp: float | None = None
    mas: float | None = None
    """Exposure in mAs."""
    spacing: tuple[float, float] | None = None
    """Millimetres from row to row and from column to column."""
    thickness: float | None = None
    """Of the slice, in mm."""
    echo_ms: float | None = None
    repetition_ms: float | None = None
    photometric: str = ""
    signed: bool = False
    rescale: tuple[float, float] | None = None
    """Slope and intercept."""
    frames: int = 1
    age: str = ""
    """Such as ``45 years``; ``90 years or older`` above 89."""
    sex: str = ""


def about(data: bytes, name: str = "", frame: int = NO_FRAME) -> About:
    """Read what a file's bytes say about a frame; raises UnreadableImage where they are no image."""
    kind = sniff(data, name)
    if kind == "DICOM":
        with decoding("DICOM file"):
            return _of_dicom(data, max(frame, 0))
    return About()


def look(file: Path, frame: int = NO_FRAME) -> tuple[Frame, About]:
    """Read one frame of a file with what is said about it; raises UnreadableImage."""
    data = read_bytes(file)
    found = next(read_frames_of_bytes(data, file.name, (max(frame, 0),)))
    return found, about(data, file.name, frame)


def _of_dicom(data: bytes, frame: int) -> About:
    import pydicom

    dataset = pydicom.dcmread(
        io.BytesIO(data), force=True, stop_before_pixels=True, specific_tags=list(_TAGS)
    )
    measures = functional_group(dataset, frame, "PixelMeasuresSequence")
    values = functional_group(dataset, frame, "PixelValueTransformationSequence")
    slope, intercept = _number(values, "RescaleSlope"), _number(values, "RescaleIntercept")
    maker = _maker(_text(dataset, "Manufacturer"))
    return About(
        modality=modality_of(dataset),
        body_part=_term(dataset, "BodyPartExamined", BODY_PARTS).lower(),
        view=_term(dataset, "ViewPosition", VIEWS),
        side=_SIDES.get(_text(dataset, "ImageLaterality") or _text(dataset, "Laterality"), ""),
        maker=maker,
        model=_model(_text(dataset, "ManufacturerModelName")) if maker else "",
        kvp=_number(dataset, "KVP"),
        mas=_exposure(dataset),
        spacing=_pair(measures, "PixelSpacing") or _pair(dataset, "ImagerPixelSpacing"),
        thickness=_number(measures, "SliceThickness"),
        echo_ms=_number(dataset, "EchoTime"),
        repetition_ms=_number(dataset, "RepetitionTime"),
        photometric=_term(dataset, "PhotometricInterpretation", PHOTOMETRIC),
        signed=_number(dataset, "PixelRepresentation") == 1,
        rescale=(slope, intercept) if slope is not None and intercept is not None else None,
        frames=int(_number(dataset, "NumberOfFrames") or 1),
        age=_age(_text(dataset, "PatientAge")),
        sex=_SEXES.get(_text(dataset, "PatientSex"), ""),
    )


def _text(dataset: Any, keyword: str) -> str:
    try:
        value = dataset.get(keyword)
    except (ValueError, TypeError, KeyError):  # a value that isn't of its tag's kind
        return ""
    return str(value).strip() if isinstance(value, str) else ""


def _term(dataset: Any, keyword: str, known: Iterable[str]) -> str:
    value = _text(dataset, keyword).upper()
    value = value if value in known else value.replace(" ", "").replace("_", "")
    return value if value in known else ""


def _numbers(dataset: Any, keyword: str) -> list[float]:
    try:
        value = dataset.get(keyword)
        several = (
            [] if value is None or value == "" else [value] if isinstance(value, str | int | float) else value
        )
        found = [float(number) for number in several]
    except (ValueError, TypeError, KeyError):
        return []
    return found if all(map(math.isfinite, found)) else []


def _number(dataset: Any, keyword: str) -> float | None:
    return next(iter(_numbers(dataset, keyword)), None)


def _pair(dataset: Any, keyword: str) -> tuple[float, float] | None:
    found = _numbers(dataset, keyword)
    return (found[0], found[1]) if len(found) == 2 and min(found) > 0 else None


def _exposure(dataset: Any) -> float | None:
    """Return mAs: exact in micro-ampere seconds, whole, or the current (mA) times the time (ms)."""
    fine = _number(dataset, "ExposureInuAs")
    if fine:
        return fine / 1000
    whole = _number(dataset, "Exposure")
    current, time = _number(dataset, "XRayTubeCurrent"), _number(dataset, "ExposureTime")
    return whole or (current * time / 1000 if current and time else None)


def _maker(text: str) -> str:
    return next((name for name, begin in MAKERS.items() if re.match(begin, text, re.IGNORECASE)), "")


def _model(text: str) -> str:
    """Return the words of a model's name that are known, and its numbers up to three digits; else nothing.

    >>> _model("SOMATOM Definition AS+ 64"), _model("Miller 64"), _model("Sensation 19620304")
    ('SOMATOM Definition 64', '', 'Sensation')
    """
    words = re.findall(r"[A-Za-z]+|\d+[A-Za-z]?", text)
    named = [word for word in words if word.casefold() in MODEL_WORDS]
    if not named:
        return ""
    return " ".join(word for word in words if word in named or re.fullmatch(r"\d{1,3}", word))


def _age(text: str) -> str:
    """Return an age string of DICOM in words.

    >>> _age("045Y"), _age("093Y"), _age("003M"), _age("Miller")
    ('45 years', '90 years or older', '3 months', '')
    """
    found = _AGE.fullmatch(text)
    if found is None:
        return ""
    count, unit = int(found[1]), found[2]
    if not count:
        return ""
    years = count / {"D": 365, "W": 52, "M": 12, "Y": 1}[unit]
    if years > _OLDEST:
        return f"{_OLDEST + 1} years or older"
    name = {"D": "day", "W": "week", "M": "month", "Y": "year"}[unit]
    return f"{count} {name}" if count == 1 else f"{count} {name}s"
