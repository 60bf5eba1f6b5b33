import numpy as np
import pytest

from counterpoise.core.training.order import batches, epoch_order

TRUTH = np.array([0] * 90 + [1] * 10)


def test_natural_takes_every_image_once():
    order = epoch_order(TRUTH, 2, "natural", seed=0, epoch=0)
    assert sorted(order) == list(range(100))


def test_it_depends_on_seed_and_epoch_alone():
    def order(seed, epoch):
        return list(epoch_order(TRUTH, 2, "natural", seed, epoch))

    assert order(1, 2) == order(1, 2)
    assert order(1, 2) != order(1, 3)
    assert order(1, 2) != order(2, 2)


@pytest.mark.parametrize("classes", [2, 3])
def test_balanced_takes_each_class_equally_often(classes):
    """A class without images (the third) is left out."""
    drawn = TRUTH[epoch_order(TRUTH, classes, "balanced", seed=0, epoch=0)]
    assert list(np.bincount(drawn)) == [50, 50]


def test_balanced_repeats_no_image_before_all_of_its_class_were_taken():
    order = epoch_order(TRUTH, 2, "balanced", seed=0, epoch=0)
    assert len(np.unique(order[order < 90])) == 50
    assert list(np.bincount(order)[90:]) == [5] * 10


def test_a_small_rest_joins_the_last_batch():
    assert [len(b) for b in batches(np.arange(65), 32)] == [32, 33]
    assert [len(b) for b in batches(np.arange(80), 32)] == [32, 32, 16]
    assert [len(b) for b in batches(np.arange(3), 32)] == [3]
