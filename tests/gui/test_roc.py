import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoise.gui.roc import predictive_values, roc_curve


def test_points_by_hand():
    curve = roc_curve(np.array([True, False, True, False]), np.array([0.9, 0.8, 0.7, 0.1]))
    assert curve is not None
    assert curve.sensitivity.tolist() == [0, 0.5, 0.5, 1, 1]
    assert curve.false_alarms.tolist() == [0, 0, 0.5, 0.5, 1]
    assert curve.thresholds[1:].tolist() == [0.9, 0.8, 0.7, 0.1]


def test_equal_scores_move_together():
    curve = roc_curve(np.array([True, False]), np.array([0.5, 0.5]))
    assert curve is not None
    assert curve.sensitivity.tolist() == [0, 1]


def test_there_is_no_curve_for_one_side():
    assert roc_curve(np.array([True, True]), np.array([0.5, 0.6])) is None


@given(st.lists(st.tuples(st.booleans(), st.sampled_from([0.1, 0.3, 0.5, 0.9])), min_size=2), st.floats(0, 1))
def test_a_threshold_decides_as_its_point_says(rows, threshold):
    truth, scores = np.array([r[0] for r in rows]), np.array([r[1] for r in rows])
    curve = roc_curve(truth, scores)
    if curve is None:
        return
    at = curve.at(threshold)
    assert curve.sensitivity[at] == pytest.approx((scores[truth] >= threshold).mean())
    assert curve.false_alarms[at] == pytest.approx((scores[~truth] >= threshold).mean())


def test_predictive_values_at_a_prevalence():
    ppv, npv = predictive_values(0.9, 0.8, 0.1)
    assert ppv == pytest.approx(0.09 / (0.09 + 0.18))
    assert npv == pytest.approx(0.72 / (0.72 + 0.01))
    assert predictive_values(0.0, 1.0, 0.1) == (None, pytest.approx(0.9))
