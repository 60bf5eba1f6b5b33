"""One image in, raw values of the graph's size out."""

import numpy as np
import pytest
from PIL import Image

from counterpoise.core.catalog.readers import Frame
from counterpoise.core.pixels.format import PixelFormat, Units
from counterpoise.core.pixels.prepare import prepare, prepare_with_gaps

RNG = np.random.default_rng(0)


def frame(pixels: np.ndarray, units: Units, padding: float | None = None) -> Frame:
    return Frame(pixels=pixels, bits=8, units=units, format="PNG", padding=padding)


def form(side: int, channels: int, units: Units) -> PixelFormat:
    return PixelFormat.model_validate({"size": (side, side), "channels": channels, "units": units})


def test_eight_bits_are_resized_as_pillow_does() -> None:
    grey = RNG.integers(0, 256, (50, 70), np.uint8)
    colour = RNG.integers(0, 256, (50, 70, 3), np.uint8)
    for pixels, channels in ((grey, 1), (colour, 3)):
        expected = np.asarray(Image.fromarray(pixels).resize((32, 32), Image.Resampling.BILINEAR))
        prepared = prepare(frame(pixels, "uint8"), form(32, channels, "uint8"))
        assert prepared.dtype == np.uint8
        assert (prepared == expected.reshape(32, 32, channels)).all()


def test_other_units_are_resized_channel_by_channel_in_float() -> None:
    pixels = RNG.integers(0, 65536, (40, 40), np.uint16)
    expected = np.asarray(
        Image.fromarray(pixels.astype(np.float32)).resize((32, 32), Image.Resampling.BILINEAR)
    )
    sixteen = prepare(frame(pixels, "uint16"), form(32, 1, "uint16"))
    assert sixteen.dtype == np.uint16
    assert (sixteen[:, :, 0] == np.rint(expected)).all()
    colour = np.stack([pixels.astype(np.float32)] * 3, axis=2)
    floats = prepare(frame(colour, "float"), form(32, 3, "float"))
    assert floats.dtype == np.float32
    assert (floats == expected[:, :, np.newaxis]).all()


@pytest.mark.parametrize("units", ["uint8", "uint16", "dicom", "float"])
def test_the_form_is_kept_whatever_comes_in(units: Units) -> None:
    fmt = form(20, 3, units)
    for pixels, own in (
        (RNG.integers(0, 256, (9, 31), np.uint8), "uint8"),
        (RNG.integers(0, 65536, (20, 20, 3), np.uint16), "uint16"),
        (RNG.normal(0, 1000, (33, 20)).astype(np.float32), "dicom"),
        (RNG.normal(0, 1000, (33, 20, 3)).astype(np.float32), "float"),
    ):
        prepared = prepare(frame(pixels, own), fmt)
        assert (prepared.shape, prepared.dtype) == (fmt.shape, fmt.dtype)


def test_one_grey_level_of_twelve_bits_survives() -> None:
    pixels = np.array([[1000, 1001], [4095, 0]], np.uint16)
    prepared = prepare(frame(pixels, "uint16"), form(2, 1, "uint16"))
    assert (prepared[:, :, 0] == pixels).all()


def test_white_of_eight_bits_is_white_of_sixteen() -> None:
    pixels = np.array([[0, 255]], np.uint8)
    prepared = prepare(frame(pixels, "uint8"), PixelFormat(size=(1, 2), channels=1, units="uint16"))
    assert prepared.ravel().tolist() == [0, 65535]
    back = prepare(frame(prepared[:, :, 0], "uint16"), PixelFormat(size=(1, 2), channels=1, units="uint8"))
    assert back.ravel().tolist() == [0, 255]


def test_grey_becomes_colour_by_repetition_and_colour_grey_as_pillow_does() -> None:
    grey = RNG.integers(0, 256, (16, 16), np.uint8)
    three = prepare(frame(grey, "uint8"), form(16, 3, "uint8"))
    assert (three == grey[:, :, np.newaxis]).all()
    one = prepare(frame(three, "uint8"), form(16, 1, "uint8"))
    assert (one[:, :, 0] == grey).all()
    colour = RNG.integers(0, 256, (16, 16, 3), np.uint8)
    luma = prepare(frame(colour, "uint8"), form(16, 1, "uint8"))
    assert (luma[:, :, 0] == np.asarray(Image.fromarray(colour).convert("L"))).all()


def test_padding_bleeds_into_nothing_and_is_marked() -> None:
    pixels = RNG.uniform(100, 200, (40, 40)).astype(np.float32)
    pixels[:, :20] = -2000
    prepared = prepare(frame(pixels, "dicom", padding=-2000.0), form(20, 1, "dicom"))
    assert prepared.min() >= 100
    marked = prepare_with_gaps(frame(pixels, "dicom", padding=-2000.0), form(20, 1, "dicom"))
    assert np.isnan(marked[:, :10]).all()
    assert not np.isnan(marked[:, 10:]).any()
    assert (prepared[:, :10] == prepared[:, 10:].min()).all()


def test_an_image_of_padding_alone_stays() -> None:
    pixels = np.full((8, 8), -2000, np.float32)
    prepared = prepare(frame(pixels, "dicom", padding=-2000.0), form(8, 1, "dicom"))
    assert (prepared == -2000).all()
