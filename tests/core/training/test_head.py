from dataclasses import replace

import numpy as np
import pytest

from counterpoise.core.training.head import (
    HeadData,
    HeadSettings,
    HeadState,
    focal_factor,
    out_of_fold,
    predict,
    train_head,
)
from counterpoise.core.training.losses import FOCAL_GAMMA, softmax

ONE = np.ones(3)


class Rows:
    def __init__(self, values):
        self.values = values

    def __len__(self):
        return len(self.values)

    def read(self, positions):
        return self.values[positions]


def data(n, seed, noise=1.0):
    random = np.random.default_rng(seed)
    truth = random.integers(0, 3, n)
    values = random.normal(0, noise, (n, 8)).astype(np.float32)
    values[np.arange(n), truth] += 2
    return HeadData(Rows(values), truth)


TRAIN, VAL = data(300, 1), data(100, 2)
SETTINGS = HeadSettings(3, "adam", 0.02, 32, epochs=6, patience=6, l2=0.0)


def learnt(settings=SETTINGS, train=TRAIN, weights=ONE, divisors=ONE, folds=None, state=None):
    *_, last = train_head(train, VAL, settings, weights, divisors, folds, state)
    return last


@pytest.mark.parametrize("optimizer", ["adam", "adamw", "sgd", "rmsprop"])
@pytest.mark.parametrize("loss", ["cross_entropy", "focal"])
def test_it_learns(optimizer, loss):
    state = learnt(replace(SETTINGS, optimizer=optimizer, loss=loss))
    assert state.history[-1]["val_auc"] > 0.95
    assert state.history[-1]["val_loss"] < 0.75
    assert [entry["epoch"] for entry in state.history] == [1, 2, 3, 4, 5, 6]


def test_a_resumed_training_ends_where_the_unbroken_one_ends():
    whole = learnt(folds=np.arange(300) % 4)
    part = learnt(replace(SETTINGS, epochs=3), folds=np.arange(300) % 4)
    arrays, plain = part.to_checkpoint()
    resumed = learnt(
        folds=np.arange(300) % 4,
        state=HeadState.from_checkpoint({k: v.copy() for k, v in arrays.items()}, plain),
    )
    assert np.array_equal(whole.kernel, resumed.kernel)
    assert np.array_equal(whole.best_kernel, resumed.best_kernel)
    assert whole.history == resumed.history


def test_folds_change_nothing_for_the_head_itself():
    folds = np.arange(300) % 5
    assert np.allclose(learnt(folds=folds).kernel[:, 0], learnt().kernel[:, 0], atol=1e-6)


def test_a_fold_has_not_learned_from_its_own_rows():
    """Labels of fold 0 turned into nonsense change every head but that of fold 0."""
    folds = np.arange(300) % 5
    spoilt = HeadData(TRAIN.rows, np.where(folds == 0, (TRAIN.truth + 1) % 3, TRAIN.truth))
    one, other = learnt(folds=folds), learnt(train=spoilt, folds=folds)
    assert np.array_equal(one.kernel[:, 1], other.kernel[:, 1])
    assert not np.allclose(one.kernel[:, 2], other.kernel[:, 2], atol=1e-3)


def test_out_of_fold_uses_the_head_that_has_not_seen_the_row():
    folds = np.arange(300) % 5
    state = learnt(folds=folds)
    found = out_of_fold(TRAIN.rows, state, folds, ONE)
    expected = predict(TRAIN.rows, state.best_kernel[:, 3], state.best_bias[3], ONE)
    assert np.allclose(found[folds == 2], expected[folds == 2], atol=1e-6)


@pytest.mark.parametrize("sampling", ["natural", "balanced"])
def test_the_reported_loss_is_unweighted_and_has_the_prior_put_back(sampling):
    """Noise alone: whatever the weights, the loss is the entropy of the classes' natural shares."""
    random = np.random.default_rng(0)
    truth = np.repeat([0, 1, 2], [800, 150, 50])
    train = HeadData(Rows(random.normal(0, 0.01, (1000, 4)).astype(np.float32)), truth)
    shares = np.array([0.8, 0.15, 0.05])
    weights = 1 / (3 * shares) if sampling == "natural" else ONE
    settings = replace(SETTINGS, sampling=sampling, epochs=20, patience=20, learning_rate=0.01, l2=0.1)
    *_, state = train_head(train, train, settings, weights, 1 / (3 * shares))
    entropy = -(shares * np.log(shares)).sum()
    assert state.history[-1]["loss"] == pytest.approx(entropy, rel=0.03)
    assert state.history[-1]["val_loss"] == pytest.approx(entropy, rel=0.03)


def test_patience_ends_it_and_the_best_state_is_kept():
    settings = replace(SETTINGS, learning_rate=0.5, epochs=50, patience=3)
    noisy = data(60, 3, noise=4.0)
    state = learnt(settings, train=noisy)
    assert state.epoch == state.best_epoch + 3
    best = min(entry["val_loss"] for entry in state.history)
    assert state.best_loss == best == state.history[state.best_epoch - 1]["val_loss"]


def test_a_step_that_is_not_finite_is_refused():
    values = TRAIN.rows.values.copy()
    values[7, 0] = np.nan
    state = learnt(train=HeadData(Rows(values), TRAIN.truth))
    assert state.refused == 6
    assert np.isfinite(state.kernel).all()


def test_clipping_bounds_the_step():
    free = learnt(replace(SETTINGS, optimizer="sgd", learning_rate=1e-3, epochs=1))
    bound = learnt(replace(SETTINGS, optimizer="sgd", learning_rate=1e-3, epochs=1, clip_norm=1e-3))
    assert np.abs(bound.kernel).max() < np.abs(free.kernel).max() / 10


def test_the_gradient_of_focal_loss():
    """Against central differences of -(1 - p)^g log p."""
    random = np.random.default_rng(0)
    z = random.normal(0, 2, (5, 1, 3))
    truth = np.array([0, 1, 2, 0, 1])

    def loss(z):
        p = np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)
        p = p[np.arange(5), 0, truth]
        return -((1 - p) ** FOCAL_GAMMA) * np.log(p)

    p = softmax(z.astype(np.float32))
    hot = np.eye(3)[truth][:, None]
    given = (p - hot) * focal_factor(p, truth)
    for j in range(3):
        step = np.zeros(3)
        step[j] = 1e-5
        expected = (loss(z + step) - loss(z - step)) / 2e-5
        assert np.allclose(given[:, 0, j], expected, atol=1e-4)
