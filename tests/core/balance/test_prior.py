"""The prior put back."""

import pytest

from counterpoise.core.balance.prior import prior_divisors, sampling_factors

COUNTS = {"a": 80, "b": 20}


def test_balanced_sampling_draws_each_class_equally_often() -> None:
    factors = sampling_factors(COUNTS, "balanced")
    assert factors["a"] * 80 == pytest.approx(factors["b"] * 20)
    assert sampling_factors(COUNTS, "natural") == {"a": 1, "b": 1}


def test_divisors_are_weight_times_sampling_in_the_order_of_names() -> None:
    divisors = prior_divisors({"b": 20, "a": 80}, {"a": 1, "b": 2}, "balanced")
    assert divisors == pytest.approx([100 / 160, 2 * 100 / 40])
    assert prior_divisors(COUNTS, {"a": 1, "b": 2}, correct_prior=False) == pytest.approx([1, 1])
