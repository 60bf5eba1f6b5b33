"""The sketch of a picture: the same for copies of another size."""

import numpy as np
import pytest
from PIL import Image

from counterpoise.core.catalog.alike.sketch import sketch


def smooth(seed: int, size: tuple[int, int] = (64, 48), color: bool = False) -> Image.Image:
    rng = np.random.default_rng(seed)
    small = Image.fromarray(rng.integers(0, 256, (7, 9, 3), dtype=np.uint8))
    image = small.resize(size, Image.Resampling.BICUBIC)
    return image if color else image.convert("L")


def likeness(a: bytes, b: bytes) -> float:
    return float(np.corrcoef(np.frombuffer(a, np.uint8), np.frombuffer(b, np.uint8))[0, 1])


def test_fields_are_exact_means_stretched_to_the_full_range():
    pixels = np.arange(32 * 48, dtype=np.float64).reshape(32, 48) % 251
    means = pixels.reshape(16, 2, 16, 3).mean(axis=(1, 3))
    expected = (means - means.min()) / np.ptp(means) * 255
    found = np.frombuffer(sketch(pixels.astype(np.uint8)), np.uint8).reshape(16, 16)
    assert np.abs(found - expected).max() <= 0.51


@pytest.mark.parametrize("size", [(32, 24), (96, 72), (64, 64), (900, 700)])
@pytest.mark.parametrize("color", [False, True])
def test_a_resized_copy_has_the_same_sketch(size, color):
    image = smooth(1, color=color)
    copy = image.resize(size, Image.Resampling.BICUBIC)
    assert likeness(sketch(np.asarray(image)), sketch(np.asarray(copy))) > 0.995
    assert likeness(sketch(np.asarray(image)), sketch(np.asarray(smooth(2)))) < 0.9


def test_grey_of_small_pictures_is_pillows():
    pixels = np.random.default_rng(3).integers(0, 256, (80, 80, 3), dtype=np.uint8)
    grey = np.asarray(Image.fromarray(pixels).convert("L"))
    assert sketch(pixels) == sketch(grey)


@pytest.mark.parametrize("shape", [(1, 1), (3, 400), (16, 16), (257, 5), (40, 40, 3)])
def test_any_shape_gives_256_bytes(shape):
    assert len(sketch(np.full(shape, 9, np.uint8))) == 256
    assert not any(sketch(np.full(shape, 9, np.uint8)))
