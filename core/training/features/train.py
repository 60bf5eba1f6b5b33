"""The quick way: look at every image once with a frozen network, then learn from its features."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from counterpoise.core.balance.prior import prior_divisors
from counterpoise.core.models.arrays import initial_arrays, with_head, with_prior
from counterpoise.core.models.registry import spec
from counterpoise.core.safety.guards.steps import StepGuard
from counterpoise.core.training.checkpoints import run_checkpoints
from counterpoise.core.training.epochs import EpochTeller
from counterpoise.core.training.features.embed import embedded, network_of
from counterpoise.core.training.features.feature_rows import (
    IN_MEMORY_BYTES,
    Evening,
    FeatureRows,
    fit_evening,
)
from counterpoise.core.training.features.feature_store import FeatureStore
from counterpoise.core.training.features.folds import group_folds
from counterpoise.core.training.features.head import Part, out_of_fold, predict, train_head
from counterpoise.core.training.features.state import HeadData, HeadSettings, HeadState
from counterpoise.core.training.features.watch import EndedByGuardError, HeadWatch
from counterpoise.core.training.finish import Outcome, finish
from counterpoise.core.training.images.decoded import decoded_images, with_scaling
from counterpoise.core.training.pass_watch import PassWatch
from counterpoise.core.training.record import RunConfig
from counterpoise.core.training.waiting import saved_with_room, with_room
from counterpoise.core.training.work import Interrupted, Teller, Work, truth_of

SAVE_SECONDS = 2.0
"""Time between two saved states: a pass takes milliseconds, and what is lost is done again as it was."""


def train_features(work: Work, config: RunConfig, teller: Teller) -> dict[str, Any]:
    """Run the mode ``features`` to its end and write the run's results; return what ``finished`` says."""
    with decoded_images(work, config, teller) as images:
        config = with_scaling(work, config, images, teller)
        with embedded(work, config, images, teller) as features:
            return _learn_and_finish(work, config, teller, features)


def head_data(work: Work, config: RunConfig, features: FeatureStore) -> tuple[Evening, HeadData, HeadData]:
    """Return how features are evened out, and the rows of training and of validation."""
    count = len(work.train)
    evening = fit_evening(features.read, count)
    truth = truth_of(work.images, config.labels)
    kept = IN_MEMORY_BYTES >> work.careful
    train = HeadData(FeatureRows(features.read, 0, count, evening, kept), truth[:count])
    val = HeadData(FeatureRows(features.read, count, len(work.val), evening, kept), truth[count:])
    return evening, train, val


def _learn_and_finish(
    work: Work, config: RunConfig, teller: Teller, features: FeatureStore
) -> dict[str, Any]:
    evening, train, val = head_data(work, config, features)
    groups = [image.group or image.content for image in work.train]
    folds = group_folds(train.truth, groups, len(config.labels), config.settings.training.seed)
    state = learn_head(work, config, teller, train, val, folds)

    teller.stage("finish")
    kernel, bias = state.best_kernel[:, 0], state.best_bias[0]
    _, divisors = class_vectors(config)
    network = network_of(config)
    known, weights = spec(config.settings.model.name), work.weights_file
    arrays = initial_arrays(network, known, "features", weights=weights)
    outcome = Outcome(
        network=network,
        arrays=with_prior(with_head(arrays, *evening.fold(kernel, bias)), divisors),
        val_probabilities=predict(val.rows, kernel, bias, divisors),
        cross_validated=None if folds is None else out_of_fold(train.rows, state, folds, divisors),
        stopped=teller.stop,
    )
    return with_room(lambda: finish(work, config, outcome), "the results", teller)


def class_vectors(config: RunConfig) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the weight [k] of each class, and the divisors [k] that put the prior back."""
    weighting = config.settings.weighting
    weights = np.array([config.weights[label] for label in config.labels])
    divisors = prior_divisors(config.counts, config.weights, weighting.sampling, weighting.correct_prior)
    return weights, divisors


def head_settings(config: RunConfig) -> HeadSettings:
    """Return the head's part of a run's settings."""
    training, weighting = config.settings.training, config.settings.weighting
    if training.optimizer == "auto":
        raise ValueError("expected settings without auto")
    return HeadSettings(
        classes=len(config.labels),
        optimizer=training.optimizer,
        learning_rate=float(training.learning_rate),
        batch_size=int(training.batch_size),
        epochs=int(training.epochs),
        patience=int(training.patience),
        clip_norm=training.clip_norm,
        loss=weighting.loss,
        sampling=weighting.sampling,
        seed=training.seed,
    )


def learn_head(
    work: Work,
    config: RunConfig,
    teller: Teller,
    train: HeadData,
    val: HeadData,
    folds: NDArray[np.intp] | None,
) -> HeadState:
    """Train the head, saving its state and telling every pass; raises Interrupted for a pause."""
    settings = head_settings(config)
    weights, divisors = class_vectors(config)
    checkpoints = run_checkpoints(work, config, teller)
    saved = checkpoints.load()
    state = before = HeadState.from_checkpoint(*saved) if saved else None
    guards, minutes = (before.guards, before.minutes) if before else ({}, 0.0)
    budget = config.settings.training.time_budget_minutes
    teller.stage("learn", settings.epochs)
    tell = EpochTeller(teller, work.run.events, settings.epochs, len(train.truth))
    watch = head_watch(work, config, teller, train, guards)
    passes = PassWatch(work, config, teller, guards.get("passes", {}))
    last_saved = time.monotonic()

    def save() -> None:
        watch.good.minutes = minutes + teller.minutes
        saved = watch.good.to_checkpoint()
        saved_with_room(lambda: checkpoints.save(*saved), teller, watch.good.epoch)

    # One thread: products this small only lose by being shared out, and sums stay the same on every machine.
    with threadpool_limits(1, "blas"), kept_at_the_end(save):
        if before is not None:
            tell.history(before.history, settings.learning_rate)
        for state in train_head(train, val, settings, weights, divisors, folds, before, watch):
            tell.history(state.history, settings.learning_rate)
            passes.after_pass(state, judged_by(state, train, passes, divisors))
            watch.keep(state, passes=passes.to_plain())
            pause = teller.wants_pause()
            if pause or time.monotonic() - last_saved > SAVE_SECONDS:
                save()
                last_saved = time.monotonic()
            if pause:
                raise Interrupted
            if teller.stop or (budget is not None and minutes + teller.minutes > budget):
                break
    if state is None:
        raise ValueError("expected at least one pass")
    return state


@contextmanager
def kept_at_the_end(save: Callable[[], None]) -> Iterator[None]:
    """Save what was learned before a guard ends the training, as its sentence promises."""
    try:
        yield
    except EndedByGuardError:
        save()
        raise


def head_watch(
    work: Work, config: RunConfig, teller: Teller, train: HeadData, saved: Mapping[str, Any]
) -> HeadWatch:
    """Return the guard of the head's steps, which are always in full precision, with what was ``saved``."""
    settings = config.settings.changed({"training.precision": "float32"})
    guard = StepGuard(settings, config.weights, config.counts)
    guard.take_plain(saved.get("steps", {}))
    return HeadWatch(guard, teller.guard, partial(batch_names, work, train))


def batch_names(work: Work, train: HeadData, batch: NDArray[np.intp]) -> tuple[list[str], bool]:
    """Return the images of a batch as the run names them; True where they are those that gave no numbers."""
    faulty = batch[~np.isfinite(train.rows.read(batch)).all(axis=1)]
    named = faulty if len(faulty) else batch
    return [work.public_path(work.train[position].path) for position in named], bool(len(faulty))


def judged_by(
    state: HeadState, train: HeadData, passes: PassWatch, divisors: NDArray[np.float64]
) -> NDArray[np.float32]:
    """Return the probabilities [n, k] that a pass is judged by."""
    if len(state.probabilities):
        return state.probabilities
    rows = Part(train.rows, passes.positions)
    return predict(rows, state.kernel[:, 0], state.bias[0], divisors)
