"""JPEG, PNG, BMP, GIF, WebP: every mode, depth and frame as the file holds it."""

import io

import numpy as np
import pytest
from PIL import Image

from counterpoise.core.catalog.readers import UnreadableImage, limits, read_frames_of_bytes
from counterpoise.core.catalog.types import NO_FRAME


@pytest.mark.parametrize("image_format", ["PNG", "BMP", "TIFF"])
@pytest.mark.parametrize("name", ["COLOUR", "GREY"])
def test_lossless_formats_give_the_same_pixels(make, image_format, name):
    pixels = getattr(make, name)
    frame = make.only(make.saved(pixels, image_format))
    assert (frame.pixels == pixels).all()
    assert (frame.units, frame.bits, frame.frame, frame.n_frames) == ("uint8", 8, NO_FRAME, 1)


def test_sixteen_bit_png_keeps_its_low_byte(make):
    for data in (make.saved(make.DEEP, "PNG"), make.deep_colour_png(np.stack([make.DEEP] * 3, -1))):
        frame = make.only(data)
        first = frame.pixels if frame.channels == 1 else frame.pixels[..., 0]
        assert (first == make.DEEP).all()
        assert (frame.units, frame.bits) == ("uint16", 16)


def test_sixteen_bit_png_drops_alpha(make):
    alpha = np.full(make.DEEP.shape, 7, np.uint16)
    grey = make.only(make.deep_colour_png(np.stack([make.DEEP, alpha], -1)))
    assert (grey.pixels == make.DEEP).all()
    colour = make.only(make.deep_colour_png(np.stack([make.DEEP, make.DEEP, make.DEEP, alpha], -1)))
    assert (colour.pixels[..., 2] == make.DEEP).all()


@pytest.mark.parametrize(("mode", "channels"), [("RGBA", 3), ("LA", 1), ("1", 1), ("P", 3)])
def test_png_modes(make, mode, channels):
    image = Image.fromarray(make.COLOUR if channels == 3 else make.GREY).convert(mode)
    stream = io.BytesIO()
    image.save(stream, "PNG")
    frame = make.only(stream.getvalue())
    assert frame.channels == channels
    assert frame.pixels.dtype == np.uint8
    expected = np.asarray(image.convert("RGB" if channels == 3 else "L"))
    assert (frame.pixels == expected).all()
    if mode == "1":
        assert set(np.unique(frame.pixels)) == {0, 255}


def test_alpha_is_dropped_onto_the_colours_below(make):
    pixels = np.dstack([make.COLOUR, np.zeros(make.GREY.shape, np.uint8)])
    assert (make.only(make.saved(pixels, "PNG")).pixels == make.COLOUR).all()


def test_a_palette_of_greys_is_grey(make):
    assert make.only(make.saved(make.GREY, "GIF")).pixels.ndim == 2
    assert (make.only(make.saved(make.GREY, "GIF")).pixels == make.GREY).all()


def test_palette_with_transparency_needs_no_warning(make):
    image = Image.fromarray(make.COLOUR).quantize(16)
    stream = io.BytesIO()
    image.save(stream, "PNG", transparency=bytes(range(16)))
    assert (make.only(stream.getvalue()).pixels == np.asarray(image.convert("RGB"))).all()


def test_cmyk_becomes_rgb(make):
    frame = make.only(make.saved(make.COLOUR, "JPEG", mode="CMYK", quality=95))
    assert frame.channels == 3
    assert np.abs(frame.pixels.astype(int) - make.COLOUR).mean() < 5


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "TIFF"])
def test_orientation_is_honoured(make, orientation, image_format):
    from PIL import ImageOps

    exif = Image.Exif()
    exif[274] = orientation
    data = make.saved(make.COLOUR, image_format, exif=exif)
    with Image.open(io.BytesIO(data)) as image:
        expected = np.asarray(ImageOps.exif_transpose(image))
    assert (make.only(data).pixels == expected).all()


@pytest.mark.parametrize(
    ("image_format", "options"), [("GIF", {}), ("WebP", {"lossless": True}), ("PNG", {})]
)
def test_animations_are_several_frames(make, image_format, options):
    more = [Image.fromarray(make.GREY[::-1]), Image.fromarray(make.GREY[:, ::-1])]
    data = make.saved(make.GREY, image_format, save_all=True, append_images=more, **options)
    frames = make.frames_of(data)
    assert [frame.frame for frame in frames] == [0, 1, 2]
    assert {frame.n_frames for frame in frames} == {3}
    assert ("multi-frame", {"frames": 3}) in frames[0].notes
    last = frames[2].pixels if frames[2].channels == 1 else frames[2].pixels[..., 0]
    assert (last == make.GREY[:, ::-1]).all()
    (second,) = read_frames_of_bytes(data, "", [1])
    assert (second.frame, second.pixels.tolist()) == (1, frames[1].pixels.tolist())


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "BMP", "GIF", "WebP", "TIFF"])
def test_a_cut_off_file_is_an_error_never_filler(make, image_format, share):
    data = make.saved(make.COLOUR, image_format)
    with pytest.raises(UnreadableImage, match=r"truncated|damaged") as caught:
        make.frames_of(data[: int(len(data) * share)], "a.png")
    assert caught.value.code == "unreadable-image"


def test_a_jpeg_without_its_last_bytes_is_an_error(make):
    for progressive in (False, True):
        data = make.saved(make.COLOUR, "JPEG", progressive=progressive)
        with pytest.raises(UnreadableImage, match="truncated"):
            make.frames_of(data[:-3])


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "BMP", "GIF", "WebP", "TIFF"])
def test_more_pixels_than_the_limit_are_refused_before_decoding(make, monkeypatch, image_format):
    monkeypatch.setattr(limits, "MAX_PIXELS", 10_000)
    with pytest.raises(UnreadableImage, match="more than the safety limit") as caught:
        make.frames_of(make.saved(make.COLOUR, image_format))
    assert caught.value.code == "oversized-image"


def test_a_decompression_bomb_is_refused_without_a_warning(make):
    stream = io.BytesIO()
    Image.new("1", (12_000, 12_000)).save(stream, "PNG")
    with pytest.raises(UnreadableImage) as caught:
        make.frames_of(stream.getvalue())
    assert caught.value.code == "oversized-image"


@pytest.mark.parametrize("image_format", ["JPEG", "PNG"])
def test_a_tail_of_zeros_as_broken_copies_have_it_is_an_error(make, image_format):
    data = make.saved(make.COLOUR, image_format)
    broken = data[: len(data) // 2] + b"\0" * (len(data) - len(data) // 2)
    with pytest.raises(UnreadableImage, match="truncated"):
        make.frames_of(broken)
