"""The boxes that may wrap JPEG 2000 inside DICOM: pydicom 3.0.2 walks over a damaged one for ever."""

_SIGNATURE = b"\0\0\0\x0cjP  "
_CODESTREAM = b"jp2c"


def check_boxes(pixel_data: bytes) -> None:
    """Raise ValueError where a box before the pixels says that it is empty (ISO/IEC 15444-1, annex I.4).

    pydicom goes from box to box by their lengths, and a length of 0 keeps it where it is.
    """
    start = pixel_data.find(_SIGNATURE)
    while start >= 0:
        at = start + 12
        while at < len(pixel_data) and pixel_data[at + 4 : at + 8] != _CODESTREAM:
            length = int.from_bytes(pixel_data[at : at + 4], "big")
            if length == 0:
                raise ValueError("a box around its JPEG 2000 pixels is damaged")
            at += length
        start = pixel_data.find(_SIGNATURE, start + 12)
