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


@pytest.mark.parametrize(
    ("units", "bits", "other", "scale", "shift"),
    [("dicom", 16, np.float32, 7, -500), ("uint16", 16, np.uint16, 16, 0), ("dicom", 12, np.float32, 0.1, 3)],
)
def test_copies_whose_values_mean_other_things_are_compared_in_their_own_ranges(
    picture, units, bits, other, scale, shift
):
    dark = frame(picture // 2)  # an 8-bit copy that uses half of its range
    found = difference(dark, frame((picture.astype(np.float32) * scale + shift).astype(other), units, bits))
    assert (found.full, found.own_ranges) == (255, True)
    assert found.correlation > 0.999
    assert found.mean < 3
    assert found.largest < 8


def test_eight_bits_of_dicom_are_not_compared_with_the_values_of_sixteen(picture):
    small = frame(picture.astype(np.float32), "dicom", 8)
    found = difference(small, frame(picture.astype(np.float32) * 100, "dicom", 16))
    assert found.mean < 0.1 * found.full / 100
    assert not difference(small, small).own_ranges


def test_padding_is_no_part_of_a_range(picture):
    values = picture.astype(np.float32) * 10
    values[:20] = -2000
    eight = picture.copy()
    eight[:20] = 0
    padded = Frame(values, 16, "dicom", "DICOM", padding=-2000.0)
    found = difference(padded, Frame(eight, 8, "uint8", "PNG", padding=0.0))
    assert found.mean < 1


def test_a_constant_image_has_no_correlation(picture):
    assert np.isnan(difference(frame(picture), frame(np.zeros_like(picture))).correlation)
