"""A trial with labels turned on purpose, on made-up features."""

import numpy as np
import pytest

from counterpoise.core.review.estimate import estimate
from counterpoise.core.review.out_of_fold import once
from counterpoise.core.review.result import Estimate
from counterpoise.core.review.trial import drawings, tried


def made(count, apart, seed=0):
    """Return features [n, 12] and truth [n] of two classes so far apart, a fiftieth of the labels wrong."""
    random = np.random.default_rng(seed)
    truth = np.arange(count) % 2
    features = random.normal(0, 1, (count, 12)).astype(np.float32)
    features[:, 0] += apart * truth
    wrong = random.choice(count, count // 50, replace=False)
    labels = truth.copy()
    labels[wrong] = 1 - truth[wrong]
    return features, labels, np.arange(count)


def trial(count, apart, found=None, counted=None):
    features, labels, units = made(count, apart)
    if found is None:
        found = estimate(once(features, labels, units, 2, 0), labels, units)
    counted = np.ones(count, bool) if counted is None else counted
    ticks = []
    return found, *tried(found, features, labels, units, counted, 2, 0, ticks.append), ticks


def test_classes_well_apart_give_their_turned_labels_back():
    found, told, seen, ticks = trial(400, 8)
    assert (seen.turned, seen.first) == (20, 50)
    assert seen.found > 0.95
    assert told.low <= 8 <= told.high
    assert abs(told.value - 8) <= 2
    assert told.low <= found.low
    assert told.high >= found.high
    assert ticks == [1, 2, 3, 4]


def test_classes_hard_to_tell_apart_give_few_back_and_widen_the_interval():
    found, told, seen, _ = trial(400, 1)
    assert seen.found < 0.7
    assert told.high - told.low >= found.high - found.low


def test_an_estimate_that_grows_too_fast_is_brought_down():
    """A hundred labels turned raise an estimate of 20 to 140 or so: too fast by a fifth."""
    _, told, _, _ = trial(2000, 8, found=Estimate(20, 15, 25, 2000))
    assert 15 <= told.value <= 18
    assert 10 <= told.low <= 12


def test_labels_found_right_are_not_turned():
    counted = np.arange(400) >= 300
    _, told, seen, _ = trial(400, 8, found=Estimate(2, 0, 5, 100), counted=counted)
    assert seen.turned == 5
    assert told.of == 100


@pytest.mark.parametrize(("images", "number"), [(60, 0), (100, 4), (1000, 2), (20_000, 1)])
def test_more_drawings_where_there_are_fewer_images(images, number):
    assert drawings(images) == number


def test_too_few_images_are_no_trial():
    found, told, seen, ticks = trial(60, 8)
    assert (told, seen, ticks) == (found, None, [])
