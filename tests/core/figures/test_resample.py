"""Resampling by patient."""

import numpy as np

from counterpoise.core.figures.resample import group_numbers, resampled_weights


def test_unknown_patients_are_their_own() -> None:
    numbers, count = group_numbers(["b", "", "a", "b", ""])
    assert count == 4
    assert numbers[0] == numbers[3]
    assert sorted(set(numbers.tolist())) == [0, 1, 2, 3]


def test_whole_groups_are_drawn() -> None:
    numbers, count = group_numbers(["a", "a", "b", "c", "c", "c"])
    weights = np.concatenate(list(resampled_weights(numbers, count, 0)))
    assert weights.shape == (1000, 6)
    assert (weights[:, 0] == weights[:, 1]).all()
    assert (weights[:, 3] == weights[:, 5]).all()
    drawn = weights[:, [0, 2, 3]]
    assert (drawn.sum(axis=1) == 3).all()
    assert abs(drawn.mean() - 1) < 0.01


def test_blocks_stay_small() -> None:
    numbers, count = group_numbers([""] * 100_000)
    blocks = resampled_weights(numbers, count, 0)
    assert next(blocks).size <= 500_000
