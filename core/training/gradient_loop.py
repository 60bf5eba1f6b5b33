"""The loop over passes and steps of a whole network: learns, saves, tells, obeys. Loads TensorFlow."""

import math
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.findings import Severity, make_finding
from counterpoise.core.models.assemble import HEAD
from counterpoise.core.models.network import Arrays, Network
from counterpoise.core.pixels.store import ImageStore
from counterpoise.core.training.checkpoints import run_checkpoints
from counterpoise.core.training.epochs import EpochTeller
from counterpoise.core.training.features import class_vectors, head_settings
from counterpoise.core.training.gradient import learns
from counterpoise.core.training.gradient_state import (
    GradientState,
    from_saved,
    optimizer_arrays,
    set_optimizer,
)
from counterpoise.core.training.head import judged
from counterpoise.core.training.losses import softmax
from counterpoise.core.training.order import batches, epoch_order
from counterpoise.core.training.prefetch import prefetched
from counterpoise.core.training.record import RunConfig
from counterpoise.core.training.schedule import rate_at
from counterpoise.core.training.tensorflow_device import prepare_device
from counterpoise.core.training.work import Interrupted, Teller, Work, truth_of

SAVE_SECONDS = 60.0
MOST_REFUSED = 20
"""Steps in a row that may be refused before the training is given up."""
VAL_BATCH = 64


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
        self._val_truth = truth_of(work.val, config.labels)
        weights, self._divisors = class_vectors(config)
        self._checkpoints = run_checkpoints(work, config, teller)
        saved = self._checkpoints.load()
        if saved is not None:
            self._state, arrays, optimizer = from_saved(saved)
        else:
            self._state, arrays, optimizer = GradientState(), start(), None
        teller.stage("build")
        prepare_device(config.device)
        from counterpoise.core.models.keras_builder import build_keras
        from counterpoise.core.training.network_step import NetworkStep

        mode, precision = config.settings.model.mode, config.settings.training.precision
        self._model = build_keras(
            self._network, arrays, trainable=lambda layer: learns(mode, layer), precision=precision
        )
        counts = np.bincount(self._truth, minlength=len(config.labels))
        natural = self._settings.sampling == "natural"
        self._step = NetworkStep(
            self._model,
            optimizer=self._settings.optimizer,
            weights=weights,
            divisors=self._divisors,
            shares=np.ones(len(counts)) if natural else counts / counts.mean(),
            dtype=config.format.dtype,
            loss=self._settings.loss,
            clip_norm=self._settings.clip_norm,
            half=precision == "mixed_float16",
        )
        if optimizer is not None:
            set_optimizer(self._step.optimizer, optimizer)
            self._step.set_sums(self._state.total, self._state.seen)
        self._last_saved = time.monotonic()

    def run(self) -> Arrays:
        """Train to the end; return the best weights. Raises Interrupted where a pause was asked for."""
        state, settings = self._state, self._settings
        if not state.best:  # the head that was learnt on the features is the state to beat
            self._judge({"epoch": 0}, keep=self._config.settings.model.mode == "finetune")
        self._steps = len(batches(self._order(0), settings.batch_size))
        self._teller.stage("learn", settings.epochs * len(self._truth))
        tell = EpochTeller(self._teller, self._work.run.events, settings.epochs, len(self._truth))
        tell.history(state.history, settings.learning_rate)
        while state.epoch < settings.epochs and state.epoch - state.best_epoch < settings.patience:
            if not self._pass() and state.best:
                break
            self._save()
            tell.history(state.history, settings.learning_rate)
            if self._teller.stop or self._over_time():
                break
        return state.best

    def _order(self, epoch: int) -> NDArray[np.intp]:
        s = self._settings
        return epoch_order(self._truth, s.classes, s.sampling, s.seed, epoch)

    def _pass(self) -> bool:
        """Go through the training part once (or to the end of one broken off); False where it was cut."""
        state, settings = self._state, self._settings
        todo = batches(self._order(state.epoch), settings.batch_size)[state.step :]
        preset = self._config.settings.training.augment
        pending: tuple[Any, NDArray[np.intp]] | None = None
        rate = settings.learning_rate
        for positions, images in prefetched(self._images, todo, preset, settings.seed, state.epoch):
            rate = rate_at(self._share(), settings.learning_rate)
            number = state.epoch * self._steps + state.step
            finite = self._step.step(images, self._truth[positions], rate, (settings.seed, number))
            state.step += 1
            if pending is not None:  # of the step before: the device isn't waited for
                self._watch(*pending)
            pending = (finite, positions)
            done = state.epoch + state.step / self._steps
            self._teller.progress(round(done * len(self._truth)), settings.epochs * len(self._truth))
            self._teller.listen()
            if self._teller.pause or time.monotonic() - self._last_saved > SAVE_SECONDS:
                self._watch(*pending)
                pending = None
                self._save()
            if self._teller.pause:
                raise Interrupted
            if self._teller.stop or self._over_time():
                if state.best:
                    return False
                break  # nothing has been judged yet: what was learnt so far is
        if pending is not None:
            self._watch(*pending)
        total, seen = self._step.take_sums()
        self._step.set_sums(0.0, 0.0)
        state.epoch, state.step, state.total, state.seen = state.epoch + 1, 0, 0.0, 0.0
        loss = total / seen if seen else float("nan")
        self._judge({"epoch": state.epoch, "loss": loss, "learning_rate": rate}, keep=True)
        return True

    def _judge(self, entry: dict[str, Any], keep: bool) -> None:
        """Validate; add to the history (but for the start), and keep the state where it is the best."""
        state = self._state
        found = judged(self._validated(), self._val_truth)
        if entry["epoch"]:
            state.history.append({**entry, **found})
        # Without validation images the training loss has to do.
        reached = found["val_loss"] if len(self._val_truth) else entry.get("loss", math.inf)
        if keep and (not state.best or (reached is not None and reached < state.best_loss)):
            from counterpoise.core.models.keras_builder import read_arrays

            state.best_loss, state.best_epoch = math.inf if reached is None else reached, state.epoch
            state.best = read_arrays(self._model, self._network)

    def _validated(self) -> NDArray[np.float32]:
        """Return probabilities of the validation images [n, k], the prior put back."""
        first, count = len(self._work.train), len(self._work.val)
        shift = np.log(self._divisors).astype(np.float32)
        blocks = [
            softmax(
                self._step.logits(self._images.read(np.arange(start, min(start + VAL_BATCH, first + count))))
                - shift
            )
            for start in range(first, first + count, VAL_BATCH)
        ]
        return np.concatenate(blocks) if blocks else np.empty((0, len(self._divisors)), np.float32)

    def _watch(self, finite: Any, positions: NDArray[np.intp]) -> None:
        """Name a step that was refused; raises CounterpoiseError after too many in a row."""
        state = self._state
        if bool(finite):
            state.refused = 0
            return
        state.refused += 1
        if self._config.settings.training.precision == "mixed_float16" and state.refused < MOST_REFUSED:
            return  # the loss scale finds its height
        names = [self._work.public_path(self._work.train[p].path) for p in positions]
        finding = make_finding(
            "non-finite-step",
            Severity.WARNING,
            {"epoch": state.epoch + 1, "step": state.step, "in_a_row": state.refused},
            paths=names,
        )
        if state.refused in (1, MOST_REFUSED):
            self._teller.send("guard", epoch=state.epoch + 1, **finding.to_json())
        if state.refused >= MOST_REFUSED:
            raise CounterpoiseError(
                f"{MOST_REFUSED} steps in a row gave an error that isn't a number; none was applied, and the "
                f"best state is kept. Lower training.learning_rate (now {self._settings.learning_rate:g}) or "
                "the class weights, and train anew."
            )

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
        from counterpoise.core.models.keras_builder import read_arrays

        state = self._state
        state.total, state.seen = self._step.take_sums()
        arrays, plain = state.to_saved(
            read_arrays(self._model, self._network), optimizer_arrays(self._step.optimizer)
        )
        self._checkpoints.save(arrays, {**plain, "minutes": self._minutes()})
        self._last_saved = time.monotonic()
