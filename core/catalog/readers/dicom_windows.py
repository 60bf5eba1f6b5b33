"""How a DICOM file wants to be looked at: offered to the viewer, never applied to what is trained on."""

import re
from collections.abc import Sequence
from typing import Any

from counterpoise.core.catalog.readers.dicom_values import Transform, functional_group
from counterpoise.core.catalog.readers.frame import Window

_TERMS = (
    "AR BI BMD CR CT DG DX ES GM HD IO IVUS KER LEN LS MG MR NM OAM OCT OP OPM OPT OPTBSV OPTENF OPV OT "
    "PT PX RF RG RTIMAGE SM SRF TG US VA XA XC"
)
MODALITIES = frozenset(_TERMS.split())
_TERM = (
    "windows?|algo|preset|default|normal|standard|harder|softer|user|auto|bone|lung|brain|soft|tissue|abdomen|"
    "mediastinum|liver|head|neck|spine|chest|thorax|pelvis|angio|vessel|stroke|subdural|contrast|wide|narrow|low|high"
)
_NAME = re.compile(rf"(?:(?:{_TERM})[ _-]*\d{{0,2}}[ _-]*){{1,3}}", re.IGNORECASE)


def windows_of(dataset: Any, frame: int, transform: Transform) -> tuple[Window, ...]:
    """Return the windows (VOI LUT, DICOM PS3.3 C.11.2) that a file proposes for a frame, in our values.

    Those without a width are left out. A table in their place counts as the range that it spreads out.
    """
    try:
        return _windows(dataset, frame, transform)
    except (ValueError, TypeError):  # not worth losing the image for
        return ()


def _windows(dataset: Any, frame: int, transform: Transform) -> tuple[Window, ...]:
    group = functional_group(dataset, frame, "FrameVOILUTSequence")
    names = [_name(value) for value in _several(group.get("WindowCenterWidthExplanation"))]
    pairs = list(zip(_numbers(group.get("WindowCenter")), _numbers(group.get("WindowWidth")), strict=False))
    found: list[Window] = []
    for place, (center, width) in enumerate(pairs):
        turned = transform.window(center, width) if width > 0 else None
        if turned is not None:
            found.append((*turned, names[place] if place < len(names) else ""))
    for center, width in [] if pairs else _of_tables(group, transform):
        found.append((center, width, ""))
    return tuple(dict.fromkeys(found))


def modality_of(dataset: Any) -> str:
    """Return the modality where it is one of DICOM's own terms (such as CT), else nothing."""
    value = str(dataset.get("Modality") or "").strip().upper()
    return value if value in MODALITIES else ""


def _of_tables(group: Any, transform: Transform) -> list[tuple[float, float]]:
    turned = []
    for item in group.get("VOILUTSequence") or ():
        descriptor = _numbers(item.get("LUTDescriptor"))
        if len(descriptor) == 3:
            length = descriptor[0] or 2**16
            turned.append(transform.window(descriptor[1] + length / 2, length))
    return [window for window in turned if window is not None]


def _name(value: object) -> str:
    """Return a window's name where it is made of usual words; free text could name anyone."""
    text = str(value).strip()
    return text if _NAME.fullmatch(text) else ""


def _several(value: Any) -> Sequence[Any]:
    """Return what may stand alone, in a list, or not at all, as a list."""
    if value is None or value == "":
        return ()
    return (value,) if isinstance(value, str | bytes | int | float) else tuple(value)


def _numbers(value: Any) -> list[float]:
    return [float(number) for number in _several(value) if number is not None and number != ""]
