"""The quick way: look at every image once with a frozen network, then learn from its features."""

import time
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from counterpoise.core.balance.prior import prior_divisors
from counterpoise.core.models.arrays import initial_arrays, with_head, with_prior
from counterpoise.core.models.assemble import assemble
from counterpoise.core.models.registry import spec
from counterpoise.core.training.checkpoints import Checkpoints
from counterpoise.core.training.embed import embedded
from counterpoise.core.training.epochs import EpochTeller
from counterpoise.core.training.feature_rows import FeatureRows, fit_evening
from counterpoise.core.training.finish import Outcome, finish
from counterpoise.core.training.folds import group_folds
from counterpoise.core.training.head import (
    HeadData,
    HeadSettings,
    HeadState,
    out_of_fold,
    predict,
    train_head,
)
from counterpoise.core.training.images import decoded_images, with_scaling
from counterpoise.core.training.record import RunConfig
from counterpoise.core.training.work import Interrupted, Teller, Work, truth_of

SAVE_SECONDS = 2.0
"""Time between two saved states: a pass takes milliseconds, and what is lost is done again as it was."""


def train_features(work: Work, config: RunConfig, teller: Teller) -> dict[str, Any]:
    """Run the mode ``features`` to its end and write the run's results; return what ``finished`` says."""
    images = decoded_images(work, config, teller)
    config = with_scaling(work, config, images, teller)
    features = embedded(work, config, images, teller)
    images.close()
    count = len(work.train)
    evening = fit_evening(features.read, count)
    truth = truth_of(work.images, config.labels)
    train = HeadData(FeatureRows(features.read, 0, count, evening), truth[:count])
    val = HeadData(FeatureRows(features.read, count, len(work.val), evening), truth[count:])
    _, divisors = class_vectors(config)
    groups = [image.group or image.content for image in work.train]
    folds = group_folds(train.truth, groups, len(config.labels), config.settings.training.seed)
    state = learn_head(work, config, teller, train, val, folds)

    teller.stage("finish")
    kernel, bias = state.best_kernel[:, 0], state.best_bias[0]
    known = spec(config.settings.model.name)
    if config.scaling is None:
        raise ValueError("expected a fitted scaling")
    network = assemble(known, config.format, config.scaling, len(config.labels), "features")
    arrays = initial_arrays(network, known, "features", weights=work.weights_file)
    arrays = with_prior(with_head(arrays, *evening.fold(kernel, bias)), divisors)
    outcome = Outcome(
        network=network,
        arrays=arrays,
        val_probabilities=predict(val.rows, kernel, bias, divisors),
        cross_validated=None if folds is None else out_of_fold(train.rows, state, folds, divisors),
        stopped=teller.stop,
    )
    features.close()
    return finish(work, config, outcome)


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
    checkpoints = Checkpoints(work.run.checkpoints)
    saved = checkpoints.load()
    state = before = HeadState.from_checkpoint(*saved) if saved else None
    budget = config.settings.training.time_budget_minutes
    teller.stage("learn", settings.epochs)
    tell = EpochTeller(teller, work.run.events, settings.epochs, len(train.truth))
    last_saved = time.monotonic()
    # One thread: products this small only lose by being shared out, and sums stay the same on every machine.
    with threadpool_limits(1, "blas"):
        if before is not None:
            tell.history(before.history, settings.learning_rate)
        for state in train_head(train, val, settings, weights, divisors, folds, before):
            tell.history(state.history, settings.learning_rate)
            pause = teller.wants_pause()
            if pause or time.monotonic() - last_saved > SAVE_SECONDS:
                checkpoints.save(*state.to_checkpoint())
                last_saved = time.monotonic()
            if pause:
                raise Interrupted
            if teller.stop or (budget is not None and teller.minutes > budget):
                break
    if state is None:
        raise ValueError("expected at least one pass")
    return state
