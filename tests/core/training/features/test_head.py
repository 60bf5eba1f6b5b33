from dataclasses import replace

import numpy as np
import pytest

from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.safety.guards.steps import StepGuard
from counterpoise.core.settings import Settings
from counterpoise.core.training.features.head import (
    focal_factor,
    out_of_fold,
    predict,
    starting_bias,
    train_head,
)
from counterpoise.core.training.features.losses import FOCAL_GAMMA, softmax
from counterpoise.core.training.features.state import HeadData, HeadSettings, HeadState
from counterpoise.core.training.features.watch import HeadWatch

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


def with_nan(*rows):
    values = TRAIN.rows.values.copy()
    values[list(rows), 0] = np.nan
    return HeadData(Rows(values), TRAIN.truth)


def watched(state=None, settings=SETTINGS, **changes):
    """A watch and what it has told; ``names`` are the rows of the batch."""
    told = []
    set_up = {
        "model.mode": "features", "training.optimizer": settings.optimizer, "training.precision": "float32",
        "training.learning_rate": settings.learning_rate, "training.batch_size": 32, "scaling.method": "none",
        "training.epochs": settings.epochs, "training.patience": settings.patience, "model.image_size": 32,
    }  # fmt: skip
    classes = ("a", "b", "c")
    guard = StepGuard(
        Settings().changed({**set_up, **changes}), dict.fromkeys(classes, 1.0), dict.fromkeys(classes, 100)
    )
    watch = HeadWatch(
        guard, lambda *told_now: told.append(told_now), lambda rows: ([str(r) for r in rows], True)
    )
    return watch, told


def test_a_step_that_is_not_finite_is_refused_and_its_images_are_named():
    watch, told = watched()
    *_, state = train_head(with_nan(7), VAL, SETTINGS, ONE, ONE, watch=watch)
    assert np.isfinite(state.kernel).all()
    assert state.epoch == 6
    assert {finding.code for finding, _, _ in told} == {"non-finite-step"}
    assert [epoch for _, epoch, _ in told] == [1, 2, 3, 4, 5, 6], "once a pass"
    assert all("7" in finding.paths for finding, _, _ in told)
    assert watch.factor == 1.0


def test_three_in_a_row_lead_back_to_the_last_good_state_with_half_the_rate():
    """In the second pass ten batches can't be learnt from; the data are whole again when it is repeated."""
    sick, reads = with_nan(*range(300)), []
    watch, told = watched()

    class Recovering(Rows):
        def read(self, positions):
            reads.append(len(positions))
            return (sick.rows if 12 < len(reads) <= 15 else TRAIN.rows).read(positions)

    train = HeadData(Recovering(TRAIN.rows.values), TRAIN.truth)
    course = train_head(train, VAL, SETTINGS, ONE, ONE, watch=watch)
    first = next(course).kernel.copy()
    watch.keep(watch.good)
    assert np.array_equal(watch.good.kernel, np.zeros_like(first)), "kept by who trains, not by the loop"
    *_, state = course
    assert [finding.evidence["in_a_row"] for finding, _, _ in told] == [1, 3]
    assert told[-1][0].fix is not None
    assert watch.factor == 0.5
    assert (state.epoch, state.history[-1]["learning_rate"]) == (6, 0.01)
    assert state.history[-1]["val_loss"] < state.history[0]["val_loss"]


def test_what_can_not_be_learnt_from_ends_after_three_returns():
    watch, told = watched()
    with pytest.raises(CounterpoiseError, match="Three steps in a row"):
        list(train_head(with_nan(*range(300)), VAL, SETTINGS, ONE, ONE, watch=watch))
    assert [f.evidence["restores"] for f, _, _ in told if "restores" in f.evidence] == [1, 2, 3, 3]


def test_an_explosion_leads_back_and_all_heads_with_it():
    """Plain steps far too long for large features: the loss grows a hundredfold within the first pass."""
    random = np.random.default_rng(0)
    large = HeadData(Rows(TRAIN.rows.values * 10), random.permutation(TRAIN.truth))
    settings = replace(SETTINGS, optimizer="sgd", learning_rate=1.0, epochs=5, patience=5)
    watch, told = watched(settings=settings)
    folds = np.arange(300) % 5
    with pytest.raises(CounterpoiseError, match="error had grown"):
        list(train_head(large, VAL, settings, ONE, ONE, folds, watch=watch))
    assert [f.code for f, _, _ in told] == ["exploding-loss"] * 4
    assert not watch.good.kernel.any(), "nothing good was reached but the start"


def test_a_state_that_is_gone_back_to_is_not_changed_by_what_follows():
    watch, _ = watched()
    course = train_head(TRAIN, VAL, SETTINGS, ONE, ONE, watch=watch)
    state = next(course)
    watch.keep(state)
    kept = watch.good.kernel.copy(), {k: v.copy() for k, v in watch.good.optimizer.state.items()}
    next(course)
    assert np.array_equal(watch.good.kernel, kept[0])
    assert all(np.array_equal(watch.good.optimizer.state[k], v) for k, v in kept[1].items())
    state.become(watch.good)
    assert (state.epoch, len(state.history), state.optimizer.step) == (1, 1, 10)
    assert state.kernel is not watch.good.kernel


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


def test_held_out_rows_are_not_leant_away_from():
    """Few rows of unequal classes that can't be told apart: what is said of a row must not depend on
    whether the head has learned from it."""
    random = np.random.default_rng(3)
    truth = (np.arange(120) % 4 > 0).astype(np.intp)
    values = random.normal(0, 1, (120, 400))
    values = ((values - values.mean(axis=0)) / values.std(axis=0)).astype(np.float32)
    train = HeadData(Rows(values), truth)
    settings = replace(SETTINGS, classes=2, learning_rate=1e-3)
    folds = np.arange(120) % 5
    ones = np.ones(2)
    *_, state = train_head(train, HeadData(Rows(values[:0]), truth[:0]), settings, ones, ones, folds)
    held_out = out_of_fold(train.rows, state, folds, ones)
    assert held_out[:, 1].mean() == pytest.approx(0.75, abs=0.07)


def test_the_start_is_the_best_guess_of_each_head():
    truth = np.array([0, 0, 0, 1])
    bias = starting_bias(truth, replace(SETTINGS, classes=2), np.ones(2), np.array([0, 1, 2, 0]))
    assert softmax(bias)[:3] == pytest.approx(np.array([[0.75, 0.25], [0.8, 0.2], [2 / 3, 1 / 3]]))
    balanced = starting_bias(truth, replace(SETTINGS, classes=2), np.array([1 / 3, 1.0]))
    assert softmax(balanced)[0] == pytest.approx([0.5, 0.5])
