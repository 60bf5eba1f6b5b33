"""Intervals against published and computed values."""

import numpy as np
import pytest

from counterpoise.core.figures.intervals import (
    Metric,
    from_resamples,
    logit_interval,
    newcombe_auc,
    proportion,
    wilson,
)


@pytest.mark.parametrize(
    ("successes", "n", "expected"),
    [
        (18, 20, (0.699, 0.972)),
        # Newcombe, Statistics in Medicine 1998, 17:857, table I, method 3
        (81, 263, (0.2553, 0.3662)),
        (15, 148, (0.0624, 0.1605)),
        (0, 20, (0.0, 0.1611)),
        (1, 29, (0.0061, 0.1718)),
    ],
)
def test_wilson_is_that_of_the_literature(successes: int, n: int, expected: tuple[float, float]) -> None:
    assert wilson(successes, n) == pytest.approx(expected, abs=6e-4)


@pytest.mark.parametrize(("successes", "n"), [(0, 1), (1, 1), (7, 12), (400, 1000)])
def test_wilson_is_that_of_scipy(successes: int, n: int) -> None:
    from scipy.stats import binomtest

    expected = binomtest(successes, n).proportion_ci(method="wilson")
    assert wilson(successes, n) == pytest.approx((expected.low, expected.high))


def test_nothing_to_divide_by_is_null() -> None:
    assert proportion(0, 0).to_json() == {"value": None, "low": None, "high": None}


def test_resamples_give_percentiles_and_pass_over_nan() -> None:
    samples = np.append(np.linspace(0, 1, 1001), np.nan)
    metric = from_resamples(0.5, samples)
    assert (metric.low, metric.high) == pytest.approx((0.025, 0.975))


def test_resamples_that_agree_give_wilson_by_groups_or_nothing() -> None:
    assert from_resamples(1.0, np.ones(9), 20) == Metric(1.0, *wilson(20, 20))
    assert from_resamples(1.0, np.ones(9)) == Metric(1.0)


def test_the_value_lies_within() -> None:
    metric = from_resamples(0.9, np.linspace(0.1, 0.2, 50))
    assert metric.high == 0.9


def test_logit_interval_stays_inside() -> None:
    low, high = logit_interval(0.99, 0.02)
    assert 0 < low < 0.99 < high < 1
    low, high = logit_interval(0.7, 0.001)
    assert (high - low) / 2 == pytest.approx(1.96 * 0.001, rel=1e-3)


def test_newcombe_has_a_width_at_the_edge() -> None:
    low, high = newcombe_auc(1.0, 20, 30)
    assert high == 1
    assert 0.85 < low < 0.97
    assert newcombe_auc(0.0, 20, 30) == pytest.approx((0.0, 1 - low))


def test_newcombe_solves_its_equation() -> None:
    a, m, n = 0.8, 25, 40
    for t in newcombe_auc(a, m, n):
        half = (m + n) / 2 - 1
        v = t * (1 - t) / (m * n) * (1 + half * (1 - t) / (2 - t) + half * t / (1 + t))
        assert (a - t) ** 2 == pytest.approx(1.959964**2 * v, rel=1e-5)


def test_a_few_odd_resamples_make_no_interval_without_width() -> None:
    # All decided for one class: balanced accuracy is a half but where a class is missing from the resample.
    metric = from_resamples(0.5, [0.5] * 990 + [1.0] * 10, fallback_n=20)
    assert (metric.low, metric.high) == pytest.approx(wilson(10, 20))
