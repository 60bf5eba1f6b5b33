"""The quick way: look at every image once with a frozen network, then learn from its features."""

import time
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from counterpoise.core.balance.prior import prior_divisors
from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.findings import Severity, make_finding
from counterpoise.core.models.arrays import initial_arrays, with_head, with_prior
from counterpoise.core.models.registry import spec
from counterpoise.core.training.checkpoints import run_checkpoints
from counterpoise.core.training.embed import embedded, network_of
from counterpoise.core.training.epochs import EpochTeller
from counterpoise.core.training.feature_rows import Evening, FeatureRows, fit_evening
from counterpoise.core.training.feature_store import FeatureStore
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
from counterpoise.core.training.order import batches
from counterpoise.core.training.record import RunConfig
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
    train = HeadData(FeatureRows(features.read, 0, count, evening), truth[:count])
    val = HeadData(FeatureRows(features.read, count, len(work.val), evening), truth[count:])
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
    checkpoints = run_checkpoints(work, config, teller)
    saved = checkpoints.load()
    state = before = HeadState.from_checkpoint(*saved) if saved else None
    budget = config.settings.training.time_budget_minutes
    teller.stage("learn", settings.epochs)
    tell = EpochTeller(teller, work.run.events, settings.epochs, len(train.truth))
    last_saved = time.monotonic()
    refused = before.refused if before else 0
    # One thread: products this small only lose by being shared out, and sums stay the same on every machine.
    with threadpool_limits(1, "blas"):
        if before is not None:
            tell.history(before.history, settings.learning_rate)
        for state in train_head(train, val, settings, weights, divisors, folds, before):
            tell.history(state.history, settings.learning_rate)
            refused = watch_refused(state, refused, settings, teller, len(train.truth))
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


def watch_refused(state: HeadState, before: int, settings: HeadSettings, teller: Teller, rows: int) -> int:
    """Say how many steps of the last pass weren't finite; raises CounterpoiseError where none was taken."""
    steps, of = state.refused - before, len(batches(np.arange(rows), settings.batch_size))
    if steps:
        evidence = {"epoch": state.epoch, "steps": steps, "of": of}
        finding = make_finding("non-finite-step", Severity.WARNING, evidence, variant="pass")
        teller.send("guard", epoch=state.epoch, **finding.to_json())
    if steps == of:
        raise CounterpoiseError(
            "Every step of a round gave an error that isn't a number, so nothing can be learned: "
            f"expected finite steps with the learning rate {settings.learning_rate:g}. Lower it or the "
            "class weights, and train anew."
        )
    return state.refused
