"""The range test's marks on curves whose shape is known."""

import math

import numpy as np
import pytest

from counterpoise.core.training.dry_run.range_test import Climb, exploded_from, marked, rates_to_try

GUESS = math.log(2)


def curve(steps: int = 60, noise: float = 0.0, breaks: bool = True) -> tuple[list[float], list[float]]:
    """An error that falls around a rate of .001, is least near .03 and breaks near .3."""
    rates = np.geomspace(1e-6, 1, steps)
    x = np.log10(rates)
    losses = 0.2 + 0.5 / (1 + np.exp(3 * (x + 3)))
    if breaks:
        losses += np.exp(4 * (x + 1.0))
    return rates.tolist(), (losses + noise * np.random.default_rng(0).normal(size=steps)).tolist()


@pytest.mark.parametrize("noise", [0.0, 0.05])
@pytest.mark.parametrize("steps", [20, 100])
def test_the_safe_range_lies_between_the_fall_and_the_least_error(steps: int, noise: float) -> None:
    rates, losses = curve(steps, noise)
    found = marked(rates, losses, losses, GUESS)
    assert found is not None
    assert found.safe_low is not None
    assert 1e-4 < found.safe_low < 5e-3
    assert found.safe_low < found.suggested < found.safe_high < 0.1
    assert found.too_high is not None
    assert 0.02 < found.too_high <= 0.6


def test_a_curve_that_never_breaks_is_safe_to_its_end() -> None:
    rates, losses = curve(breaks=False)
    found = marked(rates, losses, losses, GUESS)
    assert found is not None
    assert found.too_high is None
    assert found.safe_high >= rates[-1] / 3


def test_pretrained_weights_have_nothing_to_fall_by_but_a_rate_that_breaks_them() -> None:
    rates = np.geomspace(1e-6, 1, 40).tolist()
    losses = [0.05 + 0.002 * (n % 3) if rate < 0.01 else 300 * rate for n, rate in enumerate(rates)]
    found = marked(rates, losses, losses, GUESS)
    assert found is not None
    assert found.safe_low is None
    assert found.suggested < found.safe_high < 0.01 <= found.too_high


def test_what_is_not_a_number_breaks_at_once_and_is_none_in_json() -> None:
    rates, losses = curve(40)
    losses[30:] = [float("nan")] * 10
    assert exploded_from(losses, GUESS) == 30
    found = marked(rates, losses, losses, GUESS)
    assert found is not None
    assert found.too_high == rates[30]
    assert found.losses[30] is None


def test_one_bad_batch_is_no_explosion_and_three_are() -> None:
    losses = [0.7, 0.6, 0.5, 0.4, 5.0, 0.4, 0.4, 0.4]
    assert exploded_from(losses, GUESS) is None
    assert exploded_from([*losses, 5.0, 5.0, 6.0], GUESS) == 8


def test_too_few_points_say_nothing() -> None:
    assert marked([1e-3, 1e-2], [0.5, 0.4], [1.0, 1.0], GUESS) is None
    assert Climb(rates_to_try("adam", 1e-3, 40), GUESS).result() is None


def test_the_climb_ends_where_it_breaks() -> None:
    climb = Climb(rates_to_try("sgd", 0.01, 50), GUESS)
    for rate in climb:
        climb.told(0.7 if rate < 0.5 else 1e6, 1.0)
    assert len(climb.losses) < 50
    assert climb.losses[-3:] == [1e6] * 3


def test_the_rates_reach_beyond_the_planned_one() -> None:
    for optimizer in ("adam", "sgd"):
        for planned in (1e-9, 1e-3, 1e4):
            rates = rates_to_try(optimizer, planned, 20)
            assert rates[0] <= planned / 29
            assert rates[-1] >= planned * 29
