"""Trial steps of the quick way: features of a few images, and a head that learns from them."""

import time
from dataclasses import replace

import numpy as np
from threadpoolctl import threadpool_limits

from counterpoise.core.models.arrays import initial_arrays, with_head, with_prior
from counterpoise.core.models.registry import spec
from counterpoise.core.pixels.store import ImageStore
from counterpoise.core.training.checkpoints import Checkpoints
from counterpoise.core.training.dry_run.batches import trial_batches
from counterpoise.core.training.dry_run.child import (
    MOST_STEPS,
    STEP_SECONDS,
    Trial,
    Watch,
    guessing,
    per_image,
    timed,
)
from counterpoise.core.training.dry_run.ending import try_finish
from counterpoise.core.training.dry_run.range_test import Climb, rates_to_try
from counterpoise.core.training.features.embed import embedded, network_of
from counterpoise.core.training.features.feature_store import BLOCK
from counterpoise.core.training.features.folds import group_folds
from counterpoise.core.training.features.head import HeadStep, judged, predict, starting_bias
from counterpoise.core.training.features.state import HeadData, HeadSettings, HeadState, new_head
from counterpoise.core.training.features.train import class_vectors, head_data, head_settings
from counterpoise.core.training.finish import Outcome
from counterpoise.core.training.images.decoded import decoded_images
from counterpoise.core.training.work import Work

EMBED_SECONDS = 6.0
RANGE_STEPS = 100


def try_head(trial: Trial, watch: Watch) -> None:
    """Embed what the time allows, take steps, validate, save, finish; then the range test."""
    trial = _within_time(trial, watch)
    work, config = trial.work, trial.config
    with decoded_images(work, config, watch) as images, embedded(work, config, images, watch) as features:
        evening, train, val = head_data(work, config, features)
        settings = head_settings(config)
        weights, divisors = class_vectors(config)
        groups = [image.group or image.content for image in work.train]
        folds = group_folds(train.truth, groups, settings.classes, settings.seed)
        with threadpool_limits(1, "blas"):  # as in the training
            watch.stage("learn")
            bias = starting_bias(train.truth, settings, weights, folds)
            state = new_head(len(evening.mean), settings, bias)
            step = HeadStep(train, settings, weights, divisors, folds)
            _take_steps(trial, watch, state, step, train, settings)
            with timed(watch, "validate_seconds"):
                probabilities = predict(val.rows, state.kernel[:, 0], state.bias[0], divisors)
                found = judged(probabilities, val.truth)
            watch.measured(val_loss=found["val_loss"], validated=len(val.truth))
            with timed(watch, "checkpoint_seconds"):
                Checkpoints(work.run.checkpoints).save(*state.to_checkpoint())
            _climb(trial, watch, train, settings)
        known = spec(config.settings.model.name)
        network = network_of(config)
        arrays = initial_arrays(network, known, "features", weights=work.weights_file)
        arrays = with_prior(with_head(arrays, *evening.fold(state.kernel[:, 0], state.bias[0])), divisors)
        try_finish(trial, watch, Outcome(network, arrays, probabilities))


def _within_time(trial: Trial, watch: Watch) -> Trial:
    """Embed a block to see how long one takes; return the trial with as many images as there is time for."""
    work = trial.work
    first = replace(work, train=work.train[: max(BLOCK, trial.hardest)], val=work.val[:8])
    with decoded_images(first, trial.config, watch) as images:
        seconds = _embed(first, trial, images, watch)
    most = max(len(first.images), int(EMBED_SECONDS / max(seconds, 1e-6)))
    val = work.val[: max(8, most // 8)]
    work = replace(work, train=work.train[: max(len(first.train), most - len(val))], val=val)
    with decoded_images(work, trial.config, watch) as images:
        _embed(work, trial, images, watch)
    watch.measured(tried_train=len(work.train), tried_val=len(work.val))
    return replace(trial, work=work)


def _embed(work: Work, trial: Trial, images: ImageStore, watch: Watch) -> float:
    """Fill the features; tell and return the seconds per image, 0 where none was missing."""
    watch.marks.clear()
    with embedded(work, trial.config, images, watch):
        pass
    found = per_image(watch.marks)
    if found is None:
        return 0.0
    watch.measured(embed_start_seconds=found[0], embed_seconds_per_image=found[1])
    return found[1]


def _take_steps(
    trial: Trial, watch: Watch, state: HeadState, step: HeadStep, train: HeadData, settings: HeadSettings
) -> None:
    began = time.perf_counter()
    for batch in trial_batches(train.truth, settings, MOST_STEPS, trial.hardest):
        at = time.perf_counter()
        if at - began > STEP_SECONDS:
            return
        taken = step.take(state, batch, settings.learning_rate)
        watch.step(taken.loss, taken.norm, settings.learning_rate, time.perf_counter() - at)


def _climb(trial: Trial, watch: Watch, train: HeadData, settings: HeadSettings) -> None:
    watch.stage("range")
    weights, divisors = class_vectors(trial.config)
    width = train.rows.read(np.array([0])).shape[1]
    state = new_head(width, settings, starting_bias(train.truth, settings, weights))
    step = HeadStep(train, settings, weights, divisors, None)
    rates = rates_to_try(settings.optimizer, settings.learning_rate, RANGE_STEPS)
    climb = Climb(rates, guessing(settings.classes))
    for rate, batch in zip(climb, trial_batches(train.truth, settings, RANGE_STEPS), strict=False):
        # Few images are learnt by heart: then only the penalty, which is minimised too, shows the swings.
        with np.errstate(over="ignore"):
            penalty = 0.5 * settings.l2 * float(np.square(state.kernel).sum())
        taken = step.take(state, batch, rate)
        climb.told(taken.loss + penalty, taken.norm)
    watch.climb(climb)
