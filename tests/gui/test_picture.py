import numpy as np
import pytest

from counterpoise.gui.picture import Picture, halved, windowed


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
@pytest.mark.parametrize("inverted", [False, True])
def test_every_type_is_windowed_alike(dtype, inverted):
    values = np.arange(256).reshape(16, 16).astype(dtype)
    shares = (values.astype(float) - 40) / 120
    expected = np.clip(np.rint(shares * 255), 0, 255).astype(np.uint8)
    shown = windowed(values, 40, 160, inverted=inverted)
    assert np.array_equal(shown, 255 - expected if inverted else expected)


def test_one_grey_level_of_sixteen_bits_is_seen_in_a_narrow_window():
    values = np.array([[40_000, 40_001]], np.uint16)
    assert windowed(values, 39_999.5, 40_001.5).tolist() == [[64, 191]]


def test_halving_is_the_mean():
    values = np.array([[0, 2, 9], [4, 6, 9], [8, 8, 1]], np.uint8)
    assert halved(values).tolist() == [[3, 9], [8, 1]]
    assert halved(values.astype(np.float32)).dtype == np.float32
    assert halved(np.full((4, 4, 3), 65_535, np.uint16)).max() == 65_535


def test_only_what_is_seen_is_taken_and_no_larger_than_the_screen_needs():
    picture = Picture.of(np.zeros((4000, 3000), np.uint16))
    whole = picture.region(0.2, 0, 0, 3000, 4000)
    assert whole is not None
    pixels = picture.cut(*whole).pixels
    assert whole[0] == 2
    assert pixels.shape == (1000, 750)
    part = picture.region(1.0, 1000, 2000, 1500, 2300)
    assert part is not None
    region = picture.cut(*part)
    assert part[0] == 0
    assert region.x <= 1000 <= region.x + region.width
    assert region.pixels.shape[0] <= 300 + 128
    assert picture.region(1.0, -500, -500, -10, -10) is None


def test_a_stretched_picture_finds_its_own_pixels():
    picture = Picture.of(np.zeros((8, 8), np.float32), (640.0, 480.0))
    assert picture.pixel_at(639, 0) == (7, 0)
    assert picture.pixel_at(81, 61) == (1, 1)
    assert picture.pixel_at(640, 0) is None
