import numpy as np
import pytest

from counterpoise.core.training.features.optimizers import Optimizer

keras = pytest.importorskip("keras")


def network(statistics=True, dropout=0.0):
    given = keras.Input((4, 4, 1))
    x = keras.layers.Conv2D(3, 3, kernel_initializer=keras.initializers.GlorotUniform(1))(given)
    x = keras.layers.BatchNormalization()(x) if statistics else x
    x = keras.layers.Flatten()(x)
    x = keras.layers.Dropout(dropout)(x) if dropout else x
    return keras.Model(
        given, keras.layers.Dense(2, kernel_initializer=keras.initializers.GlorotUniform(2))(x)
    )


def step_of(model, **changes):
    from counterpoise.core.training.network.step import NetworkStep

    ones = np.ones(2)
    given = {
        "optimizer": "sgd",
        "weights": ones,
        "divisors": ones,
        "shares": ones,
        "dtype": np.dtype("float32"),
    }
    return NetworkStep(model, **{**given, **changes})


def batch(n=6, seed=0):
    random = np.random.default_rng(seed)
    return random.normal(0, 1, (n, 4, 4, 1)).astype(np.float32), np.arange(n) % 2


@pytest.mark.parametrize(("half", "pieces"), [(False, 1), (True, 1), (False, 3)])
def test_a_step_that_is_not_finite_changes_nothing(half, pieces):
    """Not even the statistics of batch norm, which the forward pass itself updates."""
    from counterpoise.core.training.network.step import read_step

    model = network()
    step = step_of(model, half=half)
    images, truth = batch()
    assert read_step(step.step(images, truth, 0.1, (0, 0))).finite
    before = [v.numpy() for v in model.variables]
    sums = step.take_sums()
    images[2, 1, 1] = np.nan
    assert not read_step(step.step(images, truth, 0.1, (0, 1), pieces)).finite
    assert all(np.array_equal(a, b.numpy()) for a, b in zip(before, model.variables, strict=True))
    assert step.take_sums() == sums


@pytest.mark.parametrize("clip_norm", [None, 0.01])
@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
@pytest.mark.parametrize("loss", ["cross_entropy", "focal"])
def test_a_batch_in_pieces_is_the_whole_batch(optimizer, loss, clip_norm):
    """Loss, gradient norm, told sums and weights, where batch norm learns no statistics; 7 images in 3."""
    from counterpoise.core.training.network.step import read_step

    ends = []
    for pieces in (1, 3, 9):
        model = network(statistics=False)
        step = step_of(
            model, optimizer=optimizer, weights=np.array([0.2, 4.0]), loss=loss, clip_norm=clip_norm
        )
        seen = [read_step(step.step(*batch(7, seed), 0.01, (0, seed), pieces)) for seed in range(3)]
        assert all(step.finite for step in seen)
        ends.append(
            (
                np.array(seen),
                np.array(step.take_sums()),
                np.concatenate([w.ravel() for w in model.get_weights()]),
            )
        )
    for other in ends[1:]:
        for whole, split in zip(ends[0], other, strict=True):
            np.testing.assert_allclose(split, whole, rtol=1e-6, atol=1e-6)


def test_batch_norm_that_learns_differs_in_pieces():
    """What the guard says then."""
    moved = []
    for pieces in (1, 3):
        model = network()
        step_of(model).step(*batch(), 0.1, (0, 0), pieces)
        moved.append(model.get_weights()[0])
    assert np.abs(moved[0] - moved[1]).max() > 1e-4


@pytest.mark.parametrize("half", [False, True])
def test_a_step_tells_its_loss_and_the_norm_of_its_gradient(half):
    from counterpoise.core.training.network.step import read_step

    model = network(statistics=False)
    before = model.get_weights()
    seen = read_step(step_of(model, half=half, weights=np.array([1.0, 3.0])).step(*batch(), 1.0, (0, 0)))
    moved = np.sqrt(sum(np.square(a - b).sum() for a, b in zip(before, model.get_weights(), strict=True)))
    assert seen.norm == pytest.approx(moved, rel=1e-3)
    assert 0.5 < seen.loss < 3


def test_the_sum_is_unweighted_with_the_prior_put_back():
    model = network(statistics=False)
    step = step_of(model, weights=np.array([1.0, 9.0]), divisors=np.array([1.0, 9.0]))
    images, truth = batch()
    logits = step.logits(images) - np.log([1.0, 9.0])
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    step.step(images, truth, 0.0, (0, 0))
    total, seen = step.take_sums()
    assert seen == 6
    assert total == pytest.approx(-np.log(p[np.arange(6), truth]).sum(), rel=1e-5)


def test_dropout_depends_on_its_key_alone():
    results = []
    for first in (1, 5):
        model = network(statistics=False, dropout=0.5)
        step = step_of(model)
        images, truth = batch()
        for number in (first, 7):
            step.step(images, truth, 0.0 if number == first else 0.1, (0, number))
        results.append(model.get_weights())
    assert all(np.array_equal(a, b) for a, b in zip(*results, strict=True))


def test_clipping_bounds_the_whole_gradient():
    model = network(statistics=False)
    before = model.get_weights()
    step_of(model, clip_norm=1e-3).step(*batch(), 1.0, (0, 0))
    moved = np.sqrt(sum(np.square(a - b).sum() for a, b in zip(before, model.get_weights(), strict=True)))
    assert moved == pytest.approx(1e-3, rel=1e-3)


@pytest.mark.parametrize("name", ["adam", "adamw", "sgd", "rmsprop"])
def test_the_heads_optimizers_are_those_of_keras(name):
    from counterpoise.core.training.network.step import _optimizer

    random = np.random.default_rng(0)
    ours = {"w": random.normal(0, 1, (5, 3)).astype(np.float32)}
    theirs = keras.Variable(ours["w"].copy())
    own, other = Optimizer(name), _optimizer(name)
    other.learning_rate.assign(0.01)
    for _ in range(5):
        gradient = random.normal(0, 1, (5, 3)).astype(np.float32)
        own.apply(ours, {"w": gradient}, 0.01)
        other.apply([keras.ops.convert_to_tensor(gradient)], [theirs])
    assert np.allclose(ours["w"], theirs.numpy(), atol=1e-5)
