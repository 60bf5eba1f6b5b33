"""Scalings fitted block by block, against numpy on everything at once."""

import tracemalloc
from collections.abc import Iterator

import numpy as np
import pytest

from counterpoise.core.pixels.fit import DegenerateScalingError, fit_scaling
from counterpoise.core.pixels.format import PixelFormat, Units
from counterpoise.core.pixels.scaling import FittedScaling, resolve_scaling_method
from counterpoise.core.settings import ScalingSettings

RNG = np.random.default_rng(1)
IMAGES = {
    "uint8": RNG.integers(3, 250, (7, 9, 11, 3), np.uint8),
    "uint16": RNG.integers(0, 4096, (7, 9, 11, 3)).astype(np.uint16),
    "float": (RNG.normal(-3, 700, (7, 9, 11, 3))).astype(np.float32),
}


def form(units: Units, channels: int = 3) -> PixelFormat:
    return PixelFormat.model_validate({"size": (9, 11), "channels": channels, "units": units})


def fit(method: str, x: np.ndarray, units: Units, **settings: object) -> FittedScaling:
    wanted = ScalingSettings.model_validate({"method": method, **settings})
    return fit_scaling(wanted, form(units, x.shape[-1]), [x[:3], x[3:5], x[5:]])


@pytest.mark.parametrize("units", ["uint8", "uint16", "float"])
class TestAgainstNumpy:
    def test_minmax(self, units: Units) -> None:
        x = IMAGES[units]
        y = fit("minmax", x, units).apply(x)
        low, high = x.min(axis=(0, 1, 2)).astype(float), x.max(axis=(0, 1, 2)).astype(float)
        assert y == pytest.approx((x - low) / (high - low), abs=1e-6)
        assert (y.min(), y.max()) == (0, pytest.approx(1))

    def test_zscore(self, units: Units) -> None:
        x = IMAGES[units].astype(np.float64)
        y = fit("zscore", IMAGES[units], units).apply(IMAGES[units])
        assert y == pytest.approx((x - x.mean(axis=(0, 1, 2))) / x.std(axis=(0, 1, 2)), abs=1e-5)

    def test_percentile(self, units: Units) -> None:
        x = IMAGES[units]
        fitted = fit("percentile", x, units)
        low, high = np.percentile(x.astype(np.float64), [1, 99], axis=(0, 1, 2))
        assert fitted.offset == pytest.approx(low, abs=1e-5)
        y = fitted.apply(x)
        assert y == pytest.approx(np.clip((x - low) / (high - low), 0, 1), abs=1e-5)

    def test_image_zscore(self, units: Units) -> None:
        x = IMAGES[units].astype(np.float64)
        y = fit("image_zscore", IMAGES[units], units).apply(IMAGES[units])
        axes = (1, 2, 3)
        expected = (x - x.mean(axis=axes, keepdims=True)) / x.std(axis=axes, keepdims=True)
        assert y == pytest.approx(expected, abs=1e-4)

    def test_none(self, units: Units) -> None:
        assert (fit("none", IMAGES[units], units).apply(IMAGES[units]) == IMAGES[units]).all()

    def test_window(self, units: Units) -> None:
        x = IMAGES[units]
        y = fit("window", x, units, window=(40, 400)).apply(x)
        assert y == pytest.approx(np.clip((x.astype(float) + 160) / 400, 0, 1), abs=1e-6)


def test_percentiles_are_exact_for_any_range_of_floats() -> None:
    x = np.concatenate([RNG.normal(0, 1e-3, 600), RNG.normal(0, 1e6, 390), [-0.0] * 10])
    x = x.astype(np.float32).reshape(10, 10, 10, 1)
    fitted = fit_scaling(ScalingSettings(method="percentile"), form("float", 1), [x[:4], x[4:]])
    low, high = np.percentile(x.astype(np.float64), [1, 99])
    assert fitted.offset[0] == pytest.approx(low, rel=1e-6)
    assert 1 / fitted.scale[0] == pytest.approx(high - low, rel=1e-6)


@pytest.mark.parametrize("method", ["minmax", "zscore", "percentile"])
def test_padding_is_left_out(method: str) -> None:
    x = IMAGES["float"][..., :1].copy()
    padded = np.concatenate([x, np.full((7, 9, 20, 1), np.nan, np.float32)], axis=2)
    a, b = fit(method, x, "float"), fit(method, padded, "float")
    assert b.offset == pytest.approx(a.offset)
    assert b.scale == pytest.approx(a.scale)


def test_large_offsets_lose_no_digits() -> None:
    x = (1e5 + RNG.normal(0, 1, (20, 9, 11, 1))).astype(np.float32)
    fitted = fit("zscore", x, "float")
    assert 1 / fitted.scale[0] == pytest.approx(x.astype(np.float64).std(), rel=1e-9)


def test_a_constant_channel_becomes_zero_beside_others() -> None:
    x = IMAGES["uint8"].copy()
    x[..., 2] = 7
    y = fit("minmax", x, "uint8").apply(x)
    assert (y[..., 2] == 0).all()
    assert y[..., 0].max() == pytest.approx(1)


@pytest.mark.parametrize("method", ["minmax", "zscore", "percentile", "image_zscore"])
def test_no_range_is_one_sentence(method: str) -> None:
    with pytest.raises(DegenerateScalingError, match="finds no range"):
        fit(method, np.full((6, 9, 11, 1), 5, np.uint8), "uint8")


@pytest.mark.parametrize("window", [None, (40.0, 0.0), (40.0, -3.0), (float("nan"), 2.0)])
def test_a_window_without_width_is_one_sentence(window: tuple[float, float] | None) -> None:
    settings = ScalingSettings.model_construct(method="window", window=window)
    with pytest.raises(DegenerateScalingError, match="centre and a width above 0"):
        fit_scaling(settings, form("dicom", 1), [])


def test_constant_images_stay_finite_image_by_image() -> None:
    scaling = fit("image_zscore", IMAGES["uint8"], "uint8")
    assert np.isfinite(scaling.apply(np.full((1, 9, 11, 3), 9, np.uint8))).all()


def test_it_survives_json() -> None:
    fitted = fit("percentile", IMAGES["float"], "float")
    assert FittedScaling.model_validate(fitted.to_json()) == fitted


def test_auto_follows_the_units() -> None:
    assert resolve_scaling_method("auto", form("uint8")) == "minmax"
    assert {resolve_scaling_method("auto", form(u)) for u in ("uint16", "dicom", "float")} == {"percentile"}
    assert resolve_scaling_method("zscore", form("uint8")) == "zscore"


class Endless:
    """Blocks made as they are asked for."""

    def __init__(self, count: int) -> None:
        self.count = count

    def __iter__(self) -> Iterator[np.ndarray]:
        rng = np.random.default_rng(0)
        for _ in range(self.count):
            yield rng.normal(size=(4, 64, 64, 1)).astype(np.float32)


def peak(count: int) -> int:
    tracemalloc.start()
    fit_scaling(
        ScalingSettings(method="percentile"),
        PixelFormat(size=(64, 64), channels=1, units="float"),
        Endless(count),
    )
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


def test_memory_does_not_grow_with_the_images() -> None:
    peak(1)
    assert peak(40) < 1.2 * peak(4)
