"""The loop over passes and steps of a whole network: learns, saves, tells, obeys. Loads TensorFlow."""

import math
import time
from collections.abc import Callable
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from counterpoise.core.models.assemble import HEAD
from counterpoise.core.models.network import Arrays, Network
from counterpoise.core.pixels.store import ImageStore
from counterpoise.core.training.checkpoints import State, run_checkpoints
from counterpoise.core.training.epochs import EpochTeller
from counterpoise.core.training.features.head import judged
from counterpoise.core.training.features.losses import softmax
from counterpoise.core.training.features.train import class_vectors, head_settings
from counterpoise.core.training.network.guards import LoopGuards
from counterpoise.core.training.network.prefetch import prefetched
from counterpoise.core.training.network.schedule import rate_at
from counterpoise.core.training.network.state import GradientState, from_saved
from counterpoise.core.training.network.tensorflow_device import prepare_device
from counterpoise.core.training.order import batches, epoch_order
from counterpoise.core.training.record import RunConfig
from counterpoise.core.training.waiting import saved_with_room
from counterpoise.core.training.work import Interrupted, Teller, Work, truth_of

SAVE_SECONDS = 60.0
OUTLANDISH = 1e6
"""Logits from which on an image is to blame by itself, where most of its batch stay below: a loss like that
never comes from a network that learns, and the square of its gradient soon leaves float32."""

Pending = tuple[Any, NDArray[np.intp], NDArray[Any], int]
"""A step that hasn't been looked at: what it told, positions and images of its batch, its number."""
Ended = Literal["done", "cut", "again"]
"""How a pass ended: whole, broken off with a best state to end with, or gone back."""


class GradientLoop:
    """One training of ``network`` from the weights that ``start`` makes, or from the last saved state."""

    def __init__(
        self,
        work: Work,
        config: RunConfig,
        teller: Teller,
        network: Network,
        start: Callable[[], Arrays],
        images: ImageStore,
    ) -> None:
        self._work, self._config, self._teller, self._images = work, config, teller, images
        self._network = network.until(HEAD)
        self._settings = head_settings(config)
        self._truth = truth_of(work.train, config.labels)
        self._steps = len(batches(self._order(0), self._settings.batch_size))
        self._val_truth = truth_of(work.val, config.labels)
        _, self._divisors = class_vectors(config)
        self._checkpoints = run_checkpoints(work, config, teller)
        saved = self._checkpoints.load()
        if saved is not None:
            self._state, arrays, optimizer = from_saved(saved)
        else:
            self._state, arrays, optimizer = GradientState(), start(), None
        teller.stage("build")
        prepare_device(config.device)
        from counterpoise.core.training.network.live import LiveNetwork, learns_statistics

        learnt = learns_statistics(self._network, config.settings.model.mode)
        self._guards = LoopGuards(work, config, teller, learnt, self._state.guards)
        precision = "float32" if self._guards.steps.state.float32 else config.settings.training.precision
        counts = np.bincount(self._truth, minlength=len(config.labels))
        self._live = LiveNetwork(self._network, arrays, config, precision, counts)
        if optimizer is not None:
            self._live.put(arrays, optimizer)
            self._live.step.set_sums(self._state.total, self._state.seen)
        self._last_saved = time.monotonic()
        self._last = self._now()
        self._good = [self._last]

    def run(self) -> Arrays:
        """Train to the end; return the best weights.

        Raises Interrupted where a pause was asked for, CounterpoiseError where the guards end it.
        """
        settings = self._settings
        if not self._state.best:  # the head that was learnt on the features is the state to beat
            self._judge({"epoch": 0}, keep=self._config.settings.model.mode == "finetune")
        self._teller.stage("learn", settings.epochs * len(self._truth))
        tell = EpochTeller(self._teller, self._work.run.events, settings.epochs, len(self._truth))
        tell.history(self._state.history, settings.learning_rate)
        while self._goes_on():
            ended = self._guarded_pass()
            if ended == "again":
                continue
            if ended == "cut":
                break
            self._save()
            tell.history(self._state.history, settings.learning_rate)
            if self._teller.stop or self._over_time():
                break
        return self._state.best

    def _goes_on(self) -> bool:
        state, settings = self._state, self._settings
        return state.epoch < settings.epochs and state.epoch - state.best_epoch < settings.patience

    def _guarded_pass(self) -> Ended:
        """Go through a pass; where memory runs out in it, go back and compute in smaller pieces."""
        from counterpoise.core.training.network.memory_errors import FAILED, is_memory

        try:
            return self._pass()
        except FAILED as error:
            if not is_memory(error):
                raise
        # What the failed step has half done is unknown: begin again where all was whole.
        self._guards.out_of_memory(self._state.epoch + 1, self._state.step + 1)
        return self._put(self._last)

    def _order(self, epoch: int) -> NDArray[np.intp]:
        s = self._settings
        return epoch_order(self._truth, s.classes, s.sampling, s.seed, epoch)

    def _pass(self) -> Ended:
        """Go through the training part once, or to the end of one broken off."""
        state, settings, guards = self._state, self._settings, self._guards
        guards.before_steps(state.epoch + 1)
        todo = batches(self._order(state.epoch), settings.batch_size)[state.step :]
        preset = self._config.settings.training.augment
        pending: Pending | None = None
        rate = settings.learning_rate
        for positions, images in prefetched(self._images, todo, preset, settings.seed, state.epoch):
            rate = rate_at(self._share(), settings.learning_rate) * guards.steps.factor
            number = state.epoch * self._steps + state.step
            told = self._live.step.step(
                images, self._truth[positions], rate, (settings.seed, number), guards.pieces
            )
            state.step += 1
            # Looked at a step later, so that the device isn't waited for.
            if pending is not None and self._watch(*pending):
                return self._go_back()
            pending = (told, positions, images, state.step)
            done = state.epoch + state.step / self._steps
            self._teller.progress(round(done * len(self._truth)), settings.epochs * len(self._truth))
            self._teller.listen()
            if self._teller.pause or time.monotonic() - self._last_saved > SAVE_SECONDS:
                back = self._watch(*pending)
                pending = None
                if back:
                    self._go_back()
                else:
                    self._save()
                if self._teller.pause:
                    raise Interrupted
                if back:
                    return "again"
            if self._teller.stop or self._over_time():
                if state.best:
                    return "cut"
                break  # nothing has been judged yet: what was learnt so far is
        if pending is not None and self._watch(*pending):
            return self._go_back()
        total, seen = self._live.step.take_sums()
        self._live.step.set_sums(0.0, 0.0)
        state.epoch, state.step, state.total, state.seen = state.epoch + 1, 0, 0.0, 0.0
        loss = total / seen if seen else float("nan")
        return self._judge({"epoch": state.epoch, "loss": loss, "learning_rate": rate}, keep=True)

    def _judge(self, entry: dict[str, Any], keep: bool) -> Ended:
        """Validate; add to the history (but for the start), and keep the state where it is the best."""
        state, watch, epoch = self._state, self._guards.passes, entry["epoch"]
        validated = len(self._val_truth) > 0
        probabilities = self._probabilities(watch.positions if validated or epoch else watch.positions[:0])
        found = judged(probabilities, self._val_truth)
        if epoch:
            if self._guards.after_validation(epoch, found["val_loss"]) == "restore":
                return self._go_back()
            state.history.append({**entry, **found})
        # Without validation images the training loss has to do.
        reached = found["val_loss"] if validated else entry.get("loss", math.inf)
        if keep and (not state.best or (reached is not None and reached < state.best_loss)):
            state.best_loss = math.inf if reached is None or math.isnan(reached) else reached
            state.best_epoch = state.epoch
            state.best = self._live.arrays()
        if epoch:
            watch.after_pass(state, probabilities)
        return "done"

    def _probabilities(self, positions: NDArray[np.intp]) -> NDArray[np.float32]:
        """Return those of images [n, k], the prior put back; where memory runs out, in smaller blocks."""
        from counterpoise.core.training.network.memory_errors import FAILED, is_memory

        shift = np.log(self._divisors).astype(np.float32)
        found = np.empty((len(positions), len(shift)), np.float32)
        self._guards.before_validation()
        done = 0
        while done < len(positions):
            block = positions[done : done + self._guards.block]
            try:
                logits = self._live.step.logits(self._images.read(block))
            except FAILED as error:
                if not is_memory(error):
                    raise
                self._guards.out_of_memory(self._state.epoch)
                continue
            found[done : done + len(block)] = softmax(logits - shift)
            done += len(block)
        return found

    def _watch(self, told: Any, positions: NDArray[np.intp], images: NDArray[Any], number: int) -> bool:
        """Let the guards judge step ``number`` of the pass; whether the training must go back."""
        from counterpoise.core.training.network.step import read_step

        def alone() -> NDArray[np.intp]:
            bad = ~(np.abs(self._live.step.logits(images)) < OUTLANDISH).all(axis=1)
            return positions[bad] if bad.mean() <= 0.5 else positions[:0]

        seen = read_step(told)
        asked = self._guards.after_step(
            self._state.epoch + 1, number, seen.finite, seen.loss, positions, alone
        )
        if asked == "float32":
            self._live = self._live.in_float32()
        return asked == "restore"

    def _go_back(self) -> Ended:
        """Put the last good state back; where it has failed before, the one before it."""
        good = self._good[-1]
        del self._good[1:]
        return self._put(good)

    def _put(self, saved: State) -> Ended:
        """Go on from ``saved``, but keep the best state, the time spent and what the guards know."""
        now = self._state
        self._state, arrays, optimizer = from_saved(saved)
        self._state.minutes = now.minutes
        if now.best and now.best_loss <= self._state.best_loss:
            self._state.best, self._state.best_epoch = now.best, now.best_epoch
            self._state.best_loss = now.best_loss
        self._live.put(arrays, optimizer)
        self._live.step.set_sums(self._state.total, self._state.seen)
        self._write(self._now())
        return "again"

    def _share(self) -> float:
        """Return how much of the training is done, by steps or by time, whichever is more."""
        state, settings = self._state, self._settings
        share = (state.epoch + state.step / self._steps) / settings.epochs
        budget = self._config.settings.training.time_budget_minutes
        return share if budget is None else min(1.0, max(share, self._minutes() / budget))

    def _minutes(self) -> float:
        return self._state.minutes + self._teller.minutes

    def _over_time(self) -> bool:
        budget = self._config.settings.training.time_budget_minutes
        return budget is not None and self._minutes() > budget

    def _save(self) -> None:
        self._write(self._now())
        if self._guards.steps.calm:
            self._good = [self._good[-1], self._last]

    def _write(self, state: State) -> None:
        self._last = state
        saved_with_room(lambda: self._checkpoints.save(*state), self._teller, self._state.epoch + 1)
        self._last_saved = time.monotonic()

    def _now(self) -> State:
        """Return all that goes on from here."""
        state = self._state
        state.total, state.seen = self._live.step.take_sums()
        state.guards = self._guards.to_plain()
        arrays, plain = state.to_saved(self._live.arrays(), self._live.optimizer())
        return arrays, {**plain, "minutes": self._minutes()}
