"""What a DICOM file without pixels is, in plain words."""

from typing import Any

# Beginnings of SOP Class UIDs (DICOM PS3.6, annex A), the longer ones first.
_KINDS = (
    ("1.2.840.10008.5.1.4.1.1.88.59", "a key object selection"),
    ("1.2.840.10008.5.1.4.1.1.88", "a structured report"),
    ("1.2.840.10008.5.1.4.1.1.104", "an embedded document"),
    ("1.2.840.10008.5.1.4.1.1.11", "a presentation state"),
    ("1.2.840.10008.5.1.4.1.1.9", "a waveform"),
    ("1.2.840.10008.5.1.4.1.1.481.3", "a structure set of radiotherapy"),
    ("1.2.840.10008.5.1.4.1.1.481.5", "a plan of radiotherapy"),
    ("1.2.840.10008.5.1.4.1.1.481", "an object of radiotherapy"),
    ("1.2.840.10008.5.1.4.1.1.66.4", "a segmentation"),
    ("1.2.840.10008.5.1.4.1.1.66", "a registration or raw data"),
    ("1.2.840.10008.5.1.4.1.1.67", "a value mapping"),
    ("1.2.840.10008.5.1.4.39", "a colour palette"),
)


def what_it_is(dataset: Any) -> str:
    """Return a stretch such as `` (it is a structured report)``; empty for images and the unknown."""
    uid = str(dataset.get("SOPClassUID") or "")
    for start, kind in _KINDS:
        if uid == start or uid.startswith(start + "."):
            return f" (it is {kind})"
    return ""
