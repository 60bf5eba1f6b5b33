"""What is kept of an image: its fingerprint and its statistics."""

import numpy as np
import pytest
from PIL import Image

from counterpoise.core.catalog.alike.sketch import sketch
from counterpoise.core.catalog.content import content_of
from counterpoise.core.catalog.measure import edge_of, measure, statistics
from counterpoise.core.catalog.readers import Frame
from counterpoise.core.catalog.thumbnail_codec import unpack

RNG = np.random.default_rng(0)
GREY = RNG.integers(0, 256, (7, 5), dtype=np.uint8)
COLOR = RNG.integers(0, 256, (7, 5, 3), dtype=np.uint8)


def test_the_same_pixels_have_the_same_content():
    assert content_of(GREY) == content_of(GREY.copy(order="F"))
    assert content_of(GREY) == content_of(np.repeat(GREY[..., None], 3, axis=2))
    assert content_of(COLOR) != content_of(COLOR[..., ::-1])


def test_type_and_shape_count():
    zeros = np.zeros((4, 6), np.uint8)
    others = [np.zeros((6, 4), np.uint8), np.zeros((4, 6), np.uint16), np.zeros((4, 6), np.float32)]
    assert len({content_of(pixels) for pixels in (zeros, *others)}) == 4


@pytest.mark.parametrize("ending", ["png", "bmp", "tif", "gif"])
def test_lossless_formats_share_content(tmp_path, ending):
    Image.fromarray(GREY).save(tmp_path / f"x.{ending}")
    reading = measure(str(tmp_path / f"x.{ending}"), b"key")
    assert reading.frames[0].content == content_of(GREY)


@pytest.mark.parametrize("pixels", [GREY, COLOR, GREY.astype(np.uint16) * 200, GREY.astype(np.float32) / 7])
def test_statistics_are_those_of_numpy(pixels):
    units = {"uint8": "uint8", "uint16": "uint16", "float32": "float"}[pixels.dtype.name]
    frame = Frame(pixels, 8, units, "PNG")
    values = pixels.astype(np.float64)
    expected = (values.min(), values.max(), values.mean(), values.std())
    assert statistics(frame) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("shape", [(3, 3), (28, 28), (64, 70, 3), (200, 300), (3, 200), (300, 2, 3), (1, 9)])
def test_the_border_is_one_in_32_of_the_shorter_side(shape):
    pixels = RNG.integers(0, 256, shape, dtype=np.uint8)
    width = max(1, min(shape[:2]) // 32)
    border = np.ones(shape, bool)
    border[width:-width, width:-width] = False
    expected = pixels[border].mean()
    if min(shape[:2]) > 2 * width:
        assert edge_of(pixels) == pytest.approx(expected, rel=1e-12)
        assert edge_of(pixels.astype(np.uint16)) == edge_of(pixels)
    else:  # all of it is border, some pixels counted twice
        assert 0 <= edge_of(pixels) <= 255


def test_padding_is_no_part_of_statistics():
    pixels = np.array([[-2000, 0], [10, 20]], np.float32)
    assert statistics(Frame(pixels, 16, "dicom", "DICOM", padding=-2000.0))[:3] == (0, 20, 10)
    assert statistics(Frame(np.full((2, 2), 5, np.float32), 16, "dicom", "DICOM", padding=5.0))[:2] == (5, 5)


def test_a_file_without_an_image_is_a_reading_with_its_reason(tmp_path):
    (tmp_path / "a.png").write_bytes(b"")
    (tmp_path / "b.txt").write_text("hello")
    assert measure(str(tmp_path / "a.png"), b"key").code == "unreadable-image"
    assert measure(str(tmp_path / "b.txt"), b"key").code == "unsupported-file"
    missing = measure(str(tmp_path / "missing.png"), b"key")
    assert (missing.code, missing.passing) == ("unreadable-image", True)
    assert not measure(str(tmp_path / "a.png"), b"key").passing


def test_want_of_memory_is_no_fault_of_the_file(tmp_path, monkeypatch):
    def short(*_):
        raise MemoryError

    Image.fromarray(np.zeros((4, 4), np.uint8)).save(tmp_path / "a.bmp")
    monkeypatch.setattr(Image.Image, "load", short)  # nothing short of a full memory fails so
    reading = measure(str(tmp_path / "a.bmp"), b"key")
    assert reading.reason == "there is too little memory to read it"
    assert reading.passing


def test_the_sketch_of_a_large_image_is_that_of_all_its_pixels(tmp_path):
    rough = Image.fromarray(RNG.integers(0, 256, (5, 8, 3), dtype=np.uint8))
    large = rough.resize((1500, 1003), Image.Resampling.BICUBIC)
    large.save(tmp_path / "a.png")
    (frame,) = measure(str(tmp_path / "a.png"), b"key").frames
    whole = np.frombuffer(sketch(np.asarray(large)), np.uint8).astype(int)
    assert np.abs(np.frombuffer(frame.sketch, np.uint8) - whole).mean() < 3


@pytest.mark.parametrize(("shape", "longest"), [((30, 50), 50), ((170, 90), 160), ((90, 500, 3), 160)])
def test_a_thumbnail_comes_with_each_frame(tmp_path, shape, longest):
    pixels = np.tile(np.arange(shape[1], dtype=np.uint8)[:, None], (shape[0], 1, 3)).reshape(*shape[:2], 3)
    Image.fromarray(pixels).save(tmp_path / "a.png")
    (packed,) = measure(str(tmp_path / "a.png"), b"key").thumbnails
    found = unpack(packed)
    assert found is not None
    assert longest / 2 <= max(found.shape) <= longest
    assert abs(found.shape[0] / found.shape[1] - shape[0] / shape[1]) < 0.1
