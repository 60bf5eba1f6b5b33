"""Seconds per image from a stage's progress."""

import pytest

from counterpoise.core.training.dry_run.child import per_image


def test_the_start_is_told_from_the_images_and_a_busy_moment_is_left_out() -> None:
    marks = [(0.0, 0), (3.0, 64), (4.0, 128), (9.0, 192), (10.0, 256)]
    assert per_image(marks) == pytest.approx((2.0, 1 / 64))


def test_one_block_alone_is_all_images_and_none_says_nothing() -> None:
    assert per_image([(0.0, 0), (2.0, 32)]) == pytest.approx((0.0, 1 / 16))
    assert per_image([(0.0, 32), (0.1, 32)]) is None
    assert per_image([]) is None
