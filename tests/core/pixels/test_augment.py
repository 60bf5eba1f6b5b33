"""Seeded variations."""

import time

import numpy as np
import pytest

from counterpoise.core.pixels.augment import PRESETS, augment
from counterpoise.core.settings import TrainingSettings

RNG = np.random.default_rng(0)
DTYPES = ("uint8", "uint16", "float32")


def picture(dtype: str, channels: int = 3) -> np.ndarray:
    """A bright patch in the upper left: sides can be told."""
    image = RNG.uniform(90, 110, (48, 48, channels))
    image[4:16, 4:16] = 200
    return image.astype(dtype)


def test_every_preset_of_the_settings_is_there() -> None:
    choices = TrainingSettings.model_fields["augment"].json_schema_extra
    assert isinstance(choices, dict)
    assert set(PRESETS) == set(choices["choices"]) - {"auto"}  # type: ignore[arg-type]  # a dict of labels


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("channels", [1, 3])
def test_the_form_is_kept(preset: str, dtype: str, channels: int) -> None:
    image = picture(dtype, channels)
    varied = augment(image, preset, (0, 1, 2))
    assert (varied.shape, varied.dtype) == (image.shape, image.dtype)
    assert np.isfinite(varied).all()


@pytest.mark.parametrize("preset", [name for name in PRESETS if name != "none"])
def test_the_key_alone_decides(preset: str) -> None:
    image = picture("uint8")
    one = augment(image, preset, (0, 1, 2))
    assert (one == augment(image.copy(), preset, (0, 1, 2))).all()
    for other in ((1, 1, 2), (0, 2, 2), (0, 1, 3)):
        assert (one != augment(image, preset, other)).any()


def test_none_changes_nothing() -> None:
    image = picture("uint8")
    assert augment(image, "none", (0, 0, 0)) is image


@pytest.mark.parametrize("preset", ["light", "radiograph"])
def test_sides_that_matter_are_never_swapped(preset: str) -> None:
    image = picture("uint8", 1)
    for index in range(200):
        varied = augment(image, preset, (0, 0, index)).astype(float)[..., 0]
        assert varied[:24, :24].mean() > max(varied[:24, 24:].mean(), varied[24:, :24].mean())


def test_a_smear_is_turned_every_way() -> None:
    image = picture("uint8", 1)
    corners = set()
    for index in range(200):
        varied = augment(image, "microscopy", (0, 0, index)).astype(float)[..., 0]
        quarters = varied[:24, :24], varied[:24, 24:], varied[24:, :24], varied[24:, 24:]
        corners.add(int(np.argmax([quarter.mean() for quarter in quarters])))
    assert corners == {0, 1, 2, 3}


@pytest.mark.parametrize("preset", [name for name in PRESETS if name != "none"])
def test_variations_are_small_and_unbiased(preset: str) -> None:
    image = picture("uint8")
    means = [augment(image, preset, (0, 0, index)).mean() for index in range(300)]
    assert np.mean(means) == pytest.approx(image.mean(), abs=2)
    assert np.ptp(means) < 60


def test_a_shift_alone_moves_by_pixels() -> None:
    """The affine map has no offset of its own: with tiny amounts the image stays in place."""
    from counterpoise.core.pixels.augment import Preset, _moved

    image = picture("uint8", 1)
    same = _moved(image, Preset(shift=1e-9), np.zeros(8))
    assert (same == image).all()


def test_hounsfield_units_are_varied_in_their_own_spread() -> None:
    image = RNG.normal(-500, 400, (48, 48, 1)).astype(np.float32)
    varied = augment(image, "radiograph", (0, 0, 1))
    assert abs(varied.mean() - image.mean()) < 200


def test_it_keeps_up_with_training() -> None:
    """1,500 images of 96 pixels a second are aimed at; half of it is let through on a busy computer."""
    image = np.repeat(np.repeat(picture("uint8"), 2, axis=0), 2, axis=1)
    began = time.process_time()
    for index in range(150):
        augment(image, "microscopy", (0, 0, index))
    assert 150 / (time.process_time() - began) > 750
