"""Trial steps of a whole network, compiled as in the training. Loads TensorFlow."""

import contextlib
import itertools
import time
from collections.abc import Generator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from counterpoise.core.models.arrays import with_prior
from counterpoise.core.models.assemble import HEAD
from counterpoise.core.models.network import Network
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
from counterpoise.core.training.dry_run.memory import memory_now
from counterpoise.core.training.dry_run.range_test import FEWEST_STEPS, Climb, rates_to_try
from counterpoise.core.training.features.embed import network_of
from counterpoise.core.training.features.head import judged
from counterpoise.core.training.features.losses import softmax
from counterpoise.core.training.features.train import class_vectors, head_settings
from counterpoise.core.training.finish import Outcome
from counterpoise.core.training.images.decoded import decoded_images
from counterpoise.core.training.network.prefetch import prefetched
from counterpoise.core.training.network.state import GradientState
from counterpoise.core.training.network.tensorflow_device import prepare_device
from counterpoise.core.training.network.train import starting_arrays
from counterpoise.core.training.work import truth_of

RISE_STEPS = 5
"""The rate rises in so many steps to the planned one, which the training holds after its first rounds."""
FEWEST = 3
MOST_RANGE_STEPS = 60
RANGE_SECONDS = 15.0
VAL_BLOCK = 64
ALIKE = 1e-6
"""Outputs closer than that are the same: the network has stopped looking at the images."""


def try_network(trial: Trial, watch: Watch) -> None:
    """Build, take steps, validate, save, finish; then the range test from the same start."""
    work, config = trial.work, trial.config
    with decoded_images(work, config, watch) as images:
        network = network_of(config)
        watch.marks.clear()
        began = time.perf_counter()
        arrays = starting_arrays(work, config, network, images, watch)
        found = per_image(watch.marks) or (0.0, 0.0)
        took = time.perf_counter() - began
        if config.settings.model.mode == "finetune":
            head = max(0.0, took - found[0] - found[1] * len(work.images))
            watch.measured(
                embed_start_seconds=found[0],
                embed_seconds_per_image=found[1],
                head_seconds_per_image=head / max(1, len(work.train)),
            )
        watch.stage("build")
        with timed(watch, "build_seconds"):
            learner = _Learner(trial, watch, network, arrays, images)
        watch.measured(built_memory_bytes=memory_now())
        learner.take_steps()
        probabilities = learner.validate()
        learner.save()
        learner.climb()
        _, divisors = class_vectors(config)
        # The arrays before any step: how long the end takes doesn't depend on what was learnt.
        try_finish(trial, watch, Outcome(network, with_prior(arrays, divisors), probabilities))


class _Learner:
    def __init__(self, trial: Trial, watch: Watch, network: Network, arrays: Any, images: ImageStore) -> None:
        config = trial.config
        self._trial, self._watch, self._images = trial, watch, images
        self._settings = head_settings(config)
        self._truth = truth_of(trial.work.train, config.labels)
        prepare_device(config.device)
        from counterpoise.core.training.network.live import LiveNetwork

        counts = np.bincount(self._truth, minlength=self._settings.classes)
        precision = config.settings.training.precision
        self._live = LiveNetwork(network.until(HEAD), arrays, config, precision, counts)
        self._start = self._live.arrays(), self._live.optimizer()
        _, self._divisors = class_vectors(config)
        self._numbers = itertools.count()
        self._seconds = 0.0
        """Of a step."""

    def take_steps(self) -> None:
        """Take trial steps at the planned rate after a short rise, until their time is over."""
        watch, planned = self._watch, self._settings.learning_rate
        watch.stage("learn")
        began, at = None, time.perf_counter()
        for number, (positions, pixels) in enumerate(self._batches(MOST_STEPS, self._trial.hardest)):
            rate = planned * min(1.0, (number + 1) / RISE_STEPS)
            seen = self._one(positions, pixels, rate)
            seconds, at = time.perf_counter() - at, time.perf_counter()
            watch.step(*seen, rate, seconds)
            if number == 0:
                watch.measured(first_step_seconds=seconds)
                began = at
            elif began is not None and number + 1 >= FEWEST and at - began > STEP_SECONDS:
                break
            self._seconds = seconds
        watch.measured()

    def validate(self) -> NDArray[np.float32]:
        """Judge the validation images; return their probabilities [n, k], the prior put back."""
        work, watch = self._trial.work, self._watch
        first, count = len(work.train), len(work.val)
        shift = np.log(self._divisors).astype(np.float32)
        positions = np.arange(first, first + count)
        if not count:
            return np.empty((0, len(shift)), np.float32)
        watch.stage("validate")
        with timed(watch, "first_validate_seconds"):
            self._live.step.logits(self._images.read(positions[:1]))
        with timed(watch, "validate_seconds"):
            blocks = [positions[start : start + VAL_BLOCK] for start in range(0, count, VAL_BLOCK)]
            logits = np.concatenate([self._live.step.logits(self._images.read(block)) for block in blocks])
            probabilities = softmax(logits - shift)
            found = judged(probabilities, truth_of(work.val, self._trial.config.labels))
        alike = count > 1 and bool(np.ptp(probabilities, axis=0).max() < ALIKE)
        watch.measured(val_loss=found["val_loss"], validated=count, alike=alike)
        return probabilities

    def save(self) -> None:
        """Save a state as the training does after every pass, the best one included."""
        with timed(self._watch, "checkpoint_seconds"):
            now = self._live.arrays()
            arrays, plain = GradientState(best=now).to_saved(now, self._live.optimizer())
            Checkpoints(self._trial.work.run.checkpoints).save(arrays, plain)

    def climb(self) -> None:
        """The range test, from the start again, with as many rates as the time allows."""
        affordable = int(RANGE_SECONDS / max(self._seconds, 1e-6))
        if affordable < FEWEST_STEPS:
            self._watch.measured(range_left_out=self._seconds)
            return
        self._watch.stage("range")
        self._live.put(*self._start)
        settings = self._settings
        steps = min(affordable, MOST_RANGE_STEPS)
        rates = rates_to_try(settings.optimizer, settings.learning_rate, steps)
        climb = Climb(rates, guessing(settings.classes))
        with contextlib.closing(self._batches(steps)) as todo:
            for rate, (positions, pixels) in zip(climb, todo, strict=False):
                climb.told(*self._one(positions, pixels, rate))
        self._watch.climb(climb)

    def _one(self, positions: NDArray[np.intp], pixels: NDArray[Any], rate: float) -> tuple[float, float]:
        """Take a step; return the weighted error and the gradient's norm before it."""
        from counterpoise.core.training.network.step import read_step

        key = (self._settings.seed, next(self._numbers))
        seen = read_step(self._live.step.step(pixels, self._truth[positions], rate, key))
        return seen.loss, seen.norm

    def _batches(
        self, steps: int, hardest: int = 0
    ) -> Generator[tuple[NDArray[np.intp], NDArray[Any]], None, None]:
        """Yield positions and images of ``trial_batches``, made ready ahead as in the training."""
        settings = self._settings
        todo = trial_batches(self._truth, settings, steps, hardest)
        preset = self._trial.config.settings.training.augment
        yield from prefetched(self._images, todo, preset, settings.seed, 0)
