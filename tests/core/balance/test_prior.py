"""The prior put back."""

import numpy as np
import pytest

from counterpoise.core.balance.prior import correct_prior, prior_divisors, sampling_factors

COUNTS = {"a": 80, "b": 20}


def test_balanced_sampling_draws_each_class_equally_often() -> None:
    factors = sampling_factors(COUNTS, "balanced")
    assert factors["a"] * 80 == pytest.approx(factors["b"] * 20)
    assert sampling_factors(COUNTS, "natural") == {"a": 1, "b": 1}


def test_divisors_are_weight_times_sampling_in_the_order_of_names() -> None:
    divisors = prior_divisors({"b": 20, "a": 80}, {"a": 1, "b": 2}, "balanced")
    assert divisors == pytest.approx([100 / 160, 2 * 100 / 40])
    assert prior_divisors(COUNTS, {"a": 1, "b": 2}, correct_prior=False) == pytest.approx([1, 1])


def test_correction_undoes_the_weights_exactly() -> None:
    p = np.array([[0.9, 0.1], [0.3, 0.7]])
    w = np.array([0.5, 5.0])
    learnt = p * w / (p * w).sum(axis=1, keepdims=True)
    assert correct_prior(learnt, w) == pytest.approx(p)


def test_correction_is_a_shift_of_the_bias() -> None:
    logits, w = np.array([[0.3, -1.2, 2.0]]), np.array([1.0, 4.0, 0.25])

    def softmax(z: np.ndarray) -> np.ndarray:
        return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)

    assert correct_prior(softmax(logits), w) == pytest.approx(softmax(logits - np.log(w)))
