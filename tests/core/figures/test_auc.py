"""AUC and its intervals."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from counterpoise.core.figures.auc import WeightedAuc, delong, mean_auc, one_against_rest
from counterpoise.core.figures.intervals import logit_interval

RNG = np.random.default_rng(5)


def case(n: int, k: int, signal: float = 1.0, digits: int = 9) -> tuple[np.ndarray, np.ndarray]:
    truth = RNG.integers(0, k, n)
    z = RNG.normal(size=(n, k))
    z[np.arange(n), truth] += signal
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    return np.round(p, digits), truth


@pytest.mark.parametrize("digits", [9, 1])
def test_values_are_those_of_scikit_learn(digits: int) -> None:
    p, truth = case(200, 3, digits=digits)
    expected = [roc_auc_score(truth == c, p[:, c]) for c in range(3)]
    assert one_against_rest(p, truth) == pytest.approx(expected)
    assert mean_auc(p, truth) == pytest.approx(np.mean(expected))


def test_two_classes_have_one_auc() -> None:
    p, truth = case(80, 2)
    assert mean_auc(p, truth) == pytest.approx(roc_auc_score(truth, p[:, 1]))


def test_a_class_that_is_not_there_has_none() -> None:
    p, truth = case(50, 3)
    truth[truth == 2] = 0
    assert one_against_rest(p, truth)[2] is None
    assert mean_auc(p, np.zeros(50)) is None


def test_delong_by_hand() -> None:
    """Placements of 3 positives and 2 negatives, written out."""
    scores, positive = np.array([0.9, 0.6, 0.4, 0.5, 0.1]), np.array([1, 1, 1, 0, 0])
    above, below = np.array([1, 1, 0.5]), np.array([2 / 3, 1])
    variance = above.var(ddof=1) / 3 + below.var(ddof=1) / 2
    metric = delong(np.column_stack([1 - scores, scores]), positive)[0][1]
    assert metric.value == pytest.approx(5 / 6)
    assert (metric.low, metric.high) == pytest.approx(logit_interval(5 / 6, variance**0.5))


def test_with_two_classes_the_mean_is_the_auc_itself() -> None:
    p, truth = case(150, 2)
    per_class, mean = delong(p, truth)
    for metric in per_class:
        assert metric.to_json() == pytest.approx(mean.to_json())


def test_the_interval_of_the_mean_is_that_of_a_bootstrap() -> None:
    p, truth = case(400, 4, signal=0.7)
    _, mean = delong(p, truth)
    drawn = []
    for _ in range(400):
        chosen = RNG.integers(0, 400, 400)
        drawn.append(mean_auc(p[chosen], truth[chosen]))
    low, high = np.percentile(np.array(drawn), [2.5, 97.5])
    assert (mean.low, mean.high) == pytest.approx((low, high), abs=0.008)


def test_delong_covers_the_truth() -> None:
    """Two normals one apart: the true AUC is Phi(1/sqrt 2) = .7602."""
    inside = 0
    for _ in range(400):
        truth = np.repeat([0, 1], [40, 25])
        scores = RNG.normal(truth.astype(float))
        metric = delong(np.column_stack([-scores, scores]), truth)[0][1]
        assert metric.low is not None
        assert metric.high is not None
        inside += metric.low <= 0.7602 <= metric.high
    assert 0.92 <= inside / 400 <= 0.98


@pytest.mark.parametrize(("scores", "value"), [([0.1, 0.2, 0.8, 0.9], 1.0), ([0.9, 0.8, 0.2, 0.1], 0.0)])
def test_perfect_order_still_has_a_width(scores: list[float], value: float) -> None:
    s = np.array(scores)
    metric = delong(np.column_stack([1 - s, s]), np.array([0, 0, 1, 1]))[0][1]
    assert metric.value == value
    assert metric.low is not None
    assert metric.high is not None
    assert metric.high - metric.low > 0.2


@pytest.mark.parametrize("digits", [9, 1])
def test_many_weightings_at_once_are_as_one_by_one(digits: int) -> None:
    p, truth = case(60, 2, digits=digits)
    weights = RNG.integers(0, 4, (20, 60)).astype(float)
    weights[3, truth == 1] = 0
    found = WeightedAuc(p[:, 1], truth == 1)(weights)
    for row, value in zip(weights, found, strict=True):
        if not row[truth == 1].sum():
            assert np.isnan(value)
        else:
            assert value == pytest.approx(roc_auc_score(truth, p[:, 1], sample_weight=row))
