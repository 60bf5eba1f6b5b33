"""The content decides; names only tell broken images from other files."""

import pytest

from counterpoise.core.catalog.readers import UnreadableImage, ending_fits, read_frames_of_bytes, sniff


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "BMP", "GIF", "WebP", "TIFF"])
def test_content_wins_over_name(make, image_format):
    data = make.saved(make.COLOUR, image_format)
    assert sniff(data, "wrong.dcm") == image_format
    assert make.only(data, "wrong.dcm").format == image_format


def test_dicom_is_known_with_and_without_preamble(make):
    data = make.dicom(make.DEEP)
    assert sniff(data) == "DICOM"
    bare = data[132:]
    assert sniff(bare) == "DICOM"
    assert (make.only(bare).pixels == make.only(data).pixels).all()


@pytest.mark.parametrize(
    ("data", "name", "code", "reason"),
    [
        (b"", "a.png", "unreadable-image", "empty"),
        (b"", "IM000001", "unreadable-image", "empty"),
        (b"", ".gitkeep", "unsupported-file", "not an image"),
        (b"\0" * 500, "a.jpg", "unreadable-image", "zeros"),
        (b"hello", "a.jpeg", "unreadable-image", "named .jpeg but its content is no image"),
        (b'{"a": 1}', "labels.json", "unsupported-file", "not an image (.json)"),
        (b"hello", "README", "unsupported-file", "not an image"),
        (b"%PDF-1.7", "letter.pdf", "unsupported-file", "PDF"),
        (b"\0\5\x16\7", "._a.png", "unsupported-file", "operating system"),
        (b"x", "Thumbs.db", "unsupported-file", "operating system"),
    ],
)
def test_what_is_no_image_is_called_by_its_kind(data, name, code, reason):
    with pytest.raises(UnreadableImage, match=reason.replace("(", r"\(").replace(")", r"\)")) as caught:
        read_frames_of_bytes(data, name)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("name", "image_format", "fits"),
    [
        ("a.JPG", "JPEG", True),
        ("a.png", "JPEG", False),
        ("a", "PNG", True),
        ("1.2.840.113", "DICOM", True),
        ("a.jpg", "DICOM", False),
    ],
)
def test_endings(name, image_format, fits):
    assert ending_fits(name, image_format) is fits
