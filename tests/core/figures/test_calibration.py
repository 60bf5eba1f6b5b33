"""Brier score and calibration error."""

import numpy as np
import pytest

from counterpoise.core.figures.calibration import TopLabelCalibration, brier_losses

RNG = np.random.default_rng(2)


def test_brier_sums_over_classes() -> None:
    p = [[0.8, 0.1, 0.1], [0.2, 0.5, 0.3]]
    expected = [0.2**2 + 0.1**2 + 0.1**2, 0.2**2 + 0.5**2 + 0.7**2]
    assert brier_losses(p, [0, 2]) == pytest.approx(expected)


def test_brier_of_two_classes_is_twice_that_of_scikit_learn() -> None:
    from sklearn.metrics import brier_score_loss

    s, y = RNG.random(50), RNG.integers(0, 2, 50)
    expected = 2 * brier_score_loss(y, s)
    assert brier_losses(np.column_stack([1 - s, s]), y).mean() == pytest.approx(expected)


def test_calibration_error_by_hand() -> None:
    """Confidences .95 (twice, one right) and .62: bins apart."""
    p = [[0.95, 0.05], [0.05, 0.95], [0.62, 0.38]]
    error = TopLabelCalibration(p, [0, 0, 0]).error()
    assert error == pytest.approx(abs(1.9 - 1) / 3 + abs(0.62 - 1) / 3)


def test_fifteen_bins_closed_above() -> None:
    p = np.array([[0.6, 0.4], [0.6000001, 0.3999999]])  # 9/15 ends a bin
    assert TopLabelCalibration(p, [0, 1]).error() == pytest.approx((0.4 + 0.6) / 2, abs=1e-6)


def test_a_calibrated_model_has_what_chance_alone_gives() -> None:
    errors, expected = [], []
    for seed in range(30):
        s = RNG.uniform(0.5, 1, 400)
        y = (RNG.random(400) > s).astype(int)
        calibration = TopLabelCalibration(np.column_stack([s, 1 - s]), y)
        errors.append(calibration.error())
        expected.append(calibration.expected_if_calibrated(seed))
    assert np.mean(errors) == pytest.approx(np.mean(expected), abs=0.005)
    assert np.mean(errors) > 0.02


def test_the_seed_decides() -> None:
    s = RNG.uniform(0.5, 1, 50)
    calibration = TopLabelCalibration(np.column_stack([s, 1 - s]), np.zeros(50))
    assert calibration.expected_if_calibrated(1) == calibration.expected_if_calibrated(1)
