"""The faster decoders give what Pillow gives, whole or harmed."""

import io

import numpy as np
import pytest
from PIL import Image

from counterpoise.core.catalog.readers import UnreadableImage, pillow, read_frames_of_bytes
from counterpoise.core.catalog.readers.everyday import everyday_pixels

RNG = np.random.default_rng(0)
SMOOTH = Image.fromarray(RNG.integers(0, 256, (9, 12, 3), dtype=np.uint8)).resize((120, 90))
KINDS = [
    ("JPEG", "L", {}),
    ("JPEG", "RGB", {}),
    ("JPEG", "RGB", {"progressive": True}),
    ("JPEG", "RGB", {"subsampling": 0, "keep_rgb": True}),
    ("JPEG", "CMYK", {}),
    ("PNG", "L", {}),
    ("PNG", "RGB", {}),
    ("PNG", "P", {}),
    ("PNG", "1", {}),
    ("PNG", "RGBA", {}),
]


def encoded(form: str, mode: str, **options: object) -> bytes:
    stream = io.BytesIO()
    SMOOTH.convert(mode).save(stream, form, **options)
    return stream.getvalue()


def outcome(data: bytes) -> tuple[bytes, tuple[int, ...]] | str:
    try:
        (frame,) = read_frames_of_bytes(data, "a.png")
    except UnreadableImage as error:
        return f"{error.code}: {error.reason}"
    return frame.pixels.tobytes(), frame.pixels.shape


@pytest.mark.parametrize(("form", "mode", "options"), KINDS)
def test_pixels_and_reasons_are_those_of_pillow(monkeypatch, form, mode, options):
    whole = encoded(form, mode, **options)
    harmed = [whole, whole[:-20], whole[: len(whole) // 2]]
    for _ in range(20):
        flipped = bytearray(whole)
        flipped[RNG.integers(0, len(whole))] ^= 1 << int(RNG.integers(0, 8))
        harmed.append(bytes(flipped))
    found = [outcome(data) for data in harmed]
    monkeypatch.setattr(pillow, "everyday_pixels", lambda *_: None)
    assert found == [outcome(data) for data in harmed]


def test_the_everyday_kinds_are_decoded_the_fast_way():
    for form, mode, options in KINDS:
        data = encoded(form, mode, **options)
        fast = everyday_pixels(pillow.open_pillow(data, form), data) is not None
        assert fast == (mode in ("L", "RGB"))


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_turned_image_is_upright(form):
    exif = Image.Exif()
    exif[274] = 6
    (frame,) = read_frames_of_bytes(encoded(form, "RGB", exif=exif), "a.png")
    assert frame.pixels.shape == (120, 90, 3)
