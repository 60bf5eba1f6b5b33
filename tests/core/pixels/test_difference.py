import numpy as np
import pytest
from PIL import Image

from counterpoise.core.catalog.readers import Frame
from counterpoise.core.pixels.difference import difference


def frame(pixels, units="uint8", bits=8) -> Frame:
    return Frame(pixels, bits, units, "PNG")


@pytest.fixture
def picture() -> np.ndarray:
    y, x = np.mgrid[0:64, 0:64]
    return (127 + 60 * np.sin(x / 9) + 60 * np.cos(y / 7)).astype(np.uint8)


def test_the_same_image_differs_nowhere(picture):
    found = difference(frame(picture), frame(picture))
    assert found.is_none
    assert found.correlation == pytest.approx(1)


def test_a_resized_copy_differs_little(picture):
    small = np.asarray(Image.fromarray(picture).resize((40, 40), Image.Resampling.BILINEAR))
    found = difference(frame(picture), frame(small))
    assert found.values.shape == (40, 40)
    assert found.mean < 2
    assert found.correlation > 0.99


def test_another_image_differs(picture):
    found = difference(frame(picture), frame(picture[::-1, ::-1].copy()))
    assert found.correlation < 0.9
    assert found.largest > 50


def test_one_grey_level_of_twelve_bits_is_a_difference(picture):
    values = picture.astype(np.uint16) * 16
    other = values.copy()
    other[3, 4] += 1
    found = difference(frame(values, "uint16", 12), frame(other, "uint16", 12))
    assert found.values[3, 4] == 1
    assert found.largest == 1


def test_different_units_are_compared_as_the_screen_shows_them(picture):
    found = difference(frame(picture), frame(picture.astype(np.float32) * 7 - 500, "dicom", 16))
    assert found.full == 255
    assert found.correlation > 0.98


def test_a_constant_image_has_no_correlation(picture):
    assert np.isnan(difference(frame(picture), frame(np.zeros_like(picture))).correlation)
