"""Copies are told from pictures that only look alike."""

import io

import numpy as np
import pytest
from PIL import Image, ImageEnhance

from counterpoise.core.catalog.alike.confirm import confirm
from counterpoise.core.catalog.alike.placing import AS_IT_IS, lay, moved, place
from tests.support.tissue import tissue


def compressed(image: Image.Image, quality: int) -> Image.Image:
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=quality)
    return Image.open(stream)


def told(a: Image.Image, b: Image.Image, standing: float = 0.5) -> str | None:
    return confirm(np.asarray(a), np.asarray(b), standing).kind


COPIES = {
    "half": lambda i: i.resize((60, 50), Image.Resampling.LANCZOS),
    "half, bilinear": lambda i: i.resize((60, 50), Image.Resampling.BILINEAR),
    "larger": lambda i: i.resize((180, 150)),
    "JPEG 75": lambda i: compressed(i, 75),
    "in colour": lambda i: i.convert("RGB"),
    "half, JPEG 75": lambda i: compressed(i.resize((60, 50)), 75),
}
NEAR = {
    "crop": lambda i: i.crop((2, 1, 118, 98)),
    "crop, larger": lambda i: i.crop((0, 4, 117, 100)),
    "moved": lambda i: i.crop((4, 3, 120, 100)),
    "brighter": lambda i: ImageEnhance.Brightness(i).enhance(1.2),
    "less contrast": lambda i: ImageEnhance.Contrast(i).enhance(0.75),
}


@pytest.mark.parametrize("kind", COPIES)
def test_resized_and_recompressed_images_are_copies(kind):
    assert told(tissue(1), COPIES[kind](tissue(1)), 0.1) == "copy"
    assert told(COPIES[kind](tissue(1)), tissue(1), 0.1) == "copy"


@pytest.mark.parametrize("standing", [0.1, 0.5])
@pytest.mark.parametrize("kind", NEAR)
def test_slight_crops_and_other_brightness_are_near_copies(kind, standing):
    assert told(tissue(1), NEAR[kind](tissue(1)), standing) == "near"
    assert told(NEAR[kind](tissue(1)), tissue(1), standing) == "near"


def test_a_near_copy_may_be_a_crop_of_both_ends_of_a_larger_image():
    whole = tissue(5)
    assert told(whole.crop((0, 0, 114, 96)), whole.crop((6, 4, 120, 100))) == "near"


def with_noise(seed: int, level: float) -> Image.Image:
    """The same strong contour in each, and noise of its own."""
    pixels = np.full((96, 96), 60.0)
    pixels[24:72, 30:66] = 200
    return Image.fromarray((pixels + np.random.default_rng(seed).normal(0, level, (96, 96))).astype(np.uint8))


def ellipse(width: int, height: int, seed: int) -> Image.Image:
    """A round cell on a plain ground, with noise of its own."""
    y, x = np.mgrid[:96, :96] - 48
    inside = (x / width) ** 2 + (y / height) ** 2 < 1
    noise = np.random.default_rng(seed).normal(0, 4, (96, 96))
    return Image.fromarray((np.where(inside, 90, 200) + noise).astype(np.uint8))


def edge(seed: int) -> Image.Image:
    """Black, but for a bright rim with an edge of its own."""
    rng = np.random.default_rng(seed)
    depth = 14 + rng.normal(0, 0.3, 120).cumsum() / 8
    bright = np.clip((depth - np.arange(100)[:, None]) * 40, 0, 180)
    return Image.fromarray(bright.astype(np.uint8))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (tissue(1), tissue(2)),
        (with_noise(1, 4), with_noise(2, 4)),
        (with_noise(1, 2), with_noise(2, 2)),
        (ellipse(30, 24, 1), ellipse(33, 26, 2)),
        (tissue(1), Image.new("L", (120, 100), 7)),
        (Image.new("L", (9, 9), 1), Image.new("L", (50, 50), 2)),
        (tissue(1), tissue(1).crop((20, 20, 120, 100))),
        (tissue(1), tissue(1).resize((14, 11))),
        (edge(1), edge(2)),
    ],
)
@pytest.mark.parametrize("standing", [0.1, 0.5, 0.9])
def test_other_pictures_are_no_copies_however_alike(a, b, standing):
    assert told(a, b, standing) is None
    assert told(b, a, standing) is None


def sliced(place: float) -> Image.Image:
    """A slice of a volume: what it shows fades over into what comes next."""
    here, beyond = (np.asarray(tissue(seed, (96, 96))) - 120.0 for seed in (20, 21))
    shown = np.cos(place) * here + np.sin(place) * beyond + 120
    return Image.fromarray(shown.clip(0, 255).astype(np.uint8))


def form(entry: int) -> Image.Image:
    """A page of lines and words, the same in each but for one entry."""
    pixels = np.asarray(tissue(30, (160, 120))).copy()
    pixels[50:66, 40:64] = np.asarray(tissue(entry, (24, 16)))
    return Image.fromarray(pixels)


@pytest.mark.parametrize(
    ("first", "second", "kind"),
    [(sliced(0.0), sliced(0.18), "near"), (form(31), form(32), None)],
    ids=["neighbouring slices", "pages of one form"],
)
def test_what_differs_in_coarse_detail_is_no_copy(first, second, kind):
    assert told(first, compressed(first.resize((72, 72)), 75), 0.05) == "copy"
    assert told(first, second, 0.05) == kind


def coloured(towards: float) -> Image.Image:
    """One picture in the colour of an angle, as bright in each."""
    grey = np.asarray(tissue(40)).astype(np.float64) / 2 + 60
    blue, red = (np.full_like(grey, 128 + 40 * part) for part in (np.cos(towards), np.sin(towards)))
    return Image.fromarray(np.stack([grey, blue, red], -1).astype(np.uint8), "YCbCr").convert("RGB")


def test_the_same_shape_in_another_colour_is_another_picture():
    assert told(coloured(0), coloured(np.pi), 0.05) is None
    assert told(coloured(0), compressed(coloured(0).resize((60, 50)), 75), 0.05) == "copy"
    assert told(coloured(0), coloured(0).convert("L"), 0.05) == "copy"


def test_where_many_are_as_alike_only_rounding_may_differ():
    image = tissue(3)
    assert told(image, compressed(image, 95), 0.9) == "copy"
    assert told(image, ImageEnhance.Contrast(image).enhance(0.8), 0.9) is None


def test_sizes_of_the_stored_images_count_not_those_of_thumbnails():
    image = tissue(4, (360, 300))
    crop = image.crop((6, 8, 350, 296))
    small, cropped = (np.asarray(i.resize((96, 80))) for i in (image, crop))
    assert confirm(small, cropped, 0.5, ((300, 360), (288, 344))).kind == "near"


def test_a_place_is_found_to_a_fraction_of_a_pixel():
    first = np.asarray(tissue(6, (96, 96)), np.float32)
    true = np.array([0.02, 0.97, -0.015, 1.02], np.float32)
    found = place(lay(first, true), first, AS_IT_IS, 12, 2.0)
    assert np.abs(found - true).max() < 0.003
    assert moved(AS_IT_IS) == 0
    assert moved(true) == pytest.approx(0.035, abs=1e-3)
