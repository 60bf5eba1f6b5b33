"""TIFF: depths, floats, colour models, pages."""

import io

import numpy as np
import pytest
import tifffile

from counterpoise.core.catalog.readers import UnreadableImage


@pytest.mark.parametrize(
    ("dtype", "units", "bits"),
    [
        ("uint8", "uint8", 8),
        ("uint16", "uint16", 16),
        ("int16", "float", 16),
        ("float32", "float", 32),
        ("float64", "float", 64),
    ],
)
@pytest.mark.parametrize("colour", [False, True])
def test_every_depth_is_kept(make, dtype, units, bits, colour):
    pixels = (make.COLOUR if colour else make.GREY).astype(dtype)
    if dtype in ("int16", "float32", "float64"):
        pixels = pixels - np.dtype(dtype).type(100)
    frame = make.only(make.tiff(pixels, photometric="rgb" if colour else "minisblack"))
    assert (frame.pixels == pixels).all()
    assert (frame.units, frame.bits) == (units, bits)
    assert frame.pixels.dtype == np.dtype("float32" if units == "float" else dtype)


@pytest.mark.parametrize(
    "options",
    [
        {"compression": "lzw"},
        {"compression": "zlib", "predictor": True},
        {"tile": (32, 32)},
        {"byteorder": ">"},
        {"bigtiff": True},
        {"rowsperstrip": 8},
    ],
)
def test_ways_of_storing(make, options):
    frame = make.only(make.tiff(make.COLOUR, photometric="rgb", **options))
    assert (frame.pixels == make.COLOUR).all()


def test_colours_in_planes(make):
    planes = make.tiff(np.moveaxis(make.COLOUR, -1, 0), photometric="rgb", planarconfig="separate")
    assert (make.only(planes).pixels == make.COLOUR).all()


def test_white_is_zero_is_inverted(make):
    assert (make.only(make.tiff(255 - make.GREY, photometric="miniswhite")).pixels == make.GREY).all()


def test_palette(make):
    table = np.random.default_rng(1).integers(0, 256, (3, 256)).astype(np.uint16)
    frame = make.only(make.tiff(make.GREY, photometric="palette", colormap=table * 257))
    assert (frame.pixels == table.T[make.GREY]).all()


def test_alpha_is_dropped(make):
    pixels = np.dstack([make.COLOUR, make.GREY])
    assert (
        make.only(make.tiff(pixels, photometric="rgb", extrasamples=["unassalpha"])).pixels == make.COLOUR
    ).all()


def test_one_bit_becomes_black_and_white(make):
    pixels = make.only(make.tiff(make.GREY > 99, photometric="minisblack")).pixels
    assert (pixels == np.where(make.GREY > 99, 255, 0)).all()


def test_pages_are_frames_and_reduced_copies_are_not(make):
    stream = io.BytesIO()
    with tifffile.TiffWriter(stream) as writer:
        writer.write(make.GREY)
        writer.write(make.GREY[::2, ::2], subfiletype=1)
        writer.write(make.GREY[::-1])
    frames = make.frames_of(stream.getvalue())
    assert [frame.frame for frame in frames] == [0, 1]
    assert (frames[1].pixels == make.GREY[::-1]).all()


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_values_that_are_no_numbers_are_refused(make, bad):
    pixels = make.GREY.astype(np.float32)
    pixels[3, 4] = bad
    with pytest.raises(UnreadableImage) as caught:
        make.frames_of(make.tiff(pixels))
    assert caught.value.code == "non-finite-pixels"


def test_other_numbers_of_channels_are_refused_with_the_number(make):
    data = make.tiff(np.stack([make.GREY] * 5, -1), photometric="minisblack", planarconfig="contig")
    with pytest.raises(UnreadableImage, match="5 channels"):
        make.frames_of(data)


def test_a_chain_of_pages_that_runs_in_a_circle_ends(make):
    data = bytearray(make.tiff(np.stack([make.GREY, make.GREY]), metadata=None))
    first = int.from_bytes(data[4:8], "little")
    count = int.from_bytes(data[first : first + 2], "little")
    data[first + 2 + 12 * count : first + 6 + 12 * count] = first.to_bytes(4, "little")
    with pytest.raises(UnreadableImage, match="chain of its pages"):
        make.frames_of(bytes(data))
