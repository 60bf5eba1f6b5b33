"""Neighbours by their sketches, and which of them are worth a look."""

import numpy as np
import pytest
from PIL import Image

from counterpoise.core.catalog.alike import neighbours
from counterpoise.core.catalog.alike.candidates import candidates
from counterpoise.core.catalog.alike.neighbours import nearest
from counterpoise.core.catalog.alike.sketch import sketch
from tests.support.tissue import tissue


def table(images: list[Image.Image]) -> np.ndarray:
    return np.array([np.frombuffer(sketch(np.asarray(i)), np.uint8) for i in images])


def noise(count: int, seed: int = 0) -> np.ndarray:
    """Sketches of unrelated pictures, smooth as sketches are."""
    fields = np.random.default_rng(seed).normal(size=(count, 18, 18))
    fields = (fields[:, :-2, :-2] + fields[:, 1:-1, 1:-1] + fields[:, 2:, 2:]) * 20 + 128
    return fields.reshape(count, 256).clip(0, 255).astype(np.uint8)


def test_all_pairs_are_compared_whatever_the_blocks(monkeypatch):
    rows = noise(700)
    whole = nearest(rows)
    monkeypatch.setattr(neighbours, "BLOCK", 32)
    monkeypatch.setattr(neighbours, "STRETCHES", 8)
    parts = nearest(rows)
    assert np.array_equal(whole.which, parts.which)
    assert np.allclose(whole.similarity, parts.similarity, atol=1e-5)
    assert (whole.which != np.arange(700)[:, None]).all()


@pytest.mark.parametrize("count", [40, 1500])
def test_copies_and_crops_are_candidates_and_unrelated_pictures_are_not(count):
    image = tissue(1)
    planted = table([image, image.resize((60, 50)), image.crop((3, 2, 119, 99)), image.crop((0, 0, 115, 96))])
    found, unchecked = candidates(nearest(np.concatenate([noise(count), planted])), 1000)
    pairs = {(pair.a - count, pair.b - count) for pair in found}
    assert {(0, 1), (0, 2), (0, 3)} <= pairs
    assert {pair for pair in pairs if min(pair) < 0} == set()
    assert unchecked == 0


def test_mirror_images_are_candidates_and_are_marked():
    image = tissue(1)
    planted = table([image, image.transpose(Image.Transpose.FLIP_LEFT_RIGHT).resize((60, 50))])
    found, _ = candidates(nearest(np.concatenate([noise(40), planted])), 1000)
    assert [(pair.a, pair.b, pair.mirrored) for pair in found] == [(40, 41, True)]


def test_pictures_of_one_group_are_no_candidates():
    image = tissue(1)
    rows = np.concatenate([noise(30), table([image, image.resize((60, 50)), image.resize((90, 75))])])
    group = np.full(33, -1, np.int32)
    group[[30, 31]] = 0
    pairs = {(pair.a, pair.b) for pair in candidates(nearest(rows, group), 1000)[0]}
    assert (30, 31) not in pairs
    assert {(30, 32), (31, 32)} <= pairs


def test_the_most_outstanding_come_first_and_the_rest_is_counted():
    image = tissue(1)
    rows = np.concatenate([noise(40), table([image, image.resize((60, 50)), image.crop((3, 2, 119, 99))])])
    every, _ = candidates(nearest(rows), 1000)
    first, left = candidates(nearest(rows), 1)
    assert [(pair.a, pair.b) for pair in first] == [(40, 41)]
    assert left == len(every) - 1


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_tiny_sets(count):
    found = nearest(noise(count))
    assert found.which.shape == (count, max(0, min(8, count - 1)))
    assert candidates(found, 10) == ([], 0)


def test_a_whole_set_of_one_patient_has_no_neighbours():
    found = nearest(noise(30), np.zeros(30, np.int32))
    assert (found.similarity == -2).all()
    assert candidates(found, 10) == ([], 0)


def test_work_can_be_stopped_between_blocks():
    told: list[float] = []

    def pulse(share: float) -> None:
        told.append(share)
        if len(told) == 3:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        nearest(noise(1000), pulse=pulse)
    assert told == [0.0, 1 / 16, 2 / 16]
