"""A softmax head on features, trained by our own loop, together with the heads of a cross-validation.

All heads see the same batches: head 0 learns from every row, head f from the rows outside fold f. One
matrix product serves them all, so the honest figure costs little more than the head itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from counterpoise.core.figures.auc import mean_auc
from counterpoise.core.training.features.losses import FOCAL_GAMMA, TINY, cross_entropy, softmax
from counterpoise.core.training.features.state import HeadData, HeadSettings, HeadState, Rows, new_head
from counterpoise.core.training.features.watch import HeadWatch
from counterpoise.core.training.order import batches, epoch_order

Array = NDArray[np.float32]
LEAST = 1e-30
"""Where probabilities are cut in the loss that is watched: far below what is told, so that it can explode."""


def train_head(
    train: HeadData,
    val: HeadData,
    settings: HeadSettings,
    weights: NDArray[np.float64],
    divisors: NDArray[np.float64],
    folds: NDArray[np.intp] | None = None,
    state: HeadState | None = None,
    watch: HeadWatch | None = None,
) -> Iterator[HeadState]:
    """Train pass by pass; yield the state (always the same object) after each.

    ``weights`` [k] multiply the loss of each class; ``divisors`` [k] put the prior back, so that ``loss``
    and ``val_loss``, both unweighted, are those of the probabilities the model will give. ``folds`` [n]
    names the fold (from 0) each training row is held out of. The best state is the one of the least
    ``val_loss``; it ends ``patience`` passes after it. Steps that aren't finite are refused; what else
    happens then is ``watch``'s business.
    """
    if state is None:
        width = train.rows.read(np.array([0])).shape[1]
        state = new_head(width, settings, starting_bias(train.truth, settings, weights, folds))
    if watch is not None:
        watch.keep(state)
    step = HeadStep(train, settings, weights, divisors, folds)
    while state.epoch < settings.epochs and state.epoch - state.best_epoch < settings.patience:
        rate = settings.learning_rate * (1.0 if watch is None else watch.factor)
        loss = step.whole_pass(state, rate, watch)
        with np.errstate(over="ignore", invalid="ignore"):
            state.probabilities = predict(val.rows, state.kernel[:, 0], state.bias[0], divisors)
        found = judged(state.probabilities, val.truth)
        if watch is not None and (loss is None or watch.after_pass(state.epoch + 1, found["val_loss"])):
            state.become(watch.good)
            continue
        state.epoch += 1
        state.history.append({"epoch": state.epoch, "loss": loss, **found, "learning_rate": rate})
        # Without validation images the training loss has to do.
        reached = found["val_loss"] if len(val.truth) else loss
        if reached is not None and reached < state.best_loss:
            state.best_loss, state.best_epoch = reached, state.epoch
            state.best_kernel, state.best_bias = state.kernel.copy(), state.bias.copy()
        yield state


def starting_bias(
    truth: NDArray[np.intp],
    settings: HeadSettings,
    weights: NDArray[np.float64],
    folds: NDArray[np.intp] | None = None,
) -> Array:
    """Return [heads, k]: the logits that guess best by the weighted class shares of a head's own rows.

    From zero the kernel would learn the shares through the features. These are centred on all rows, so a
    head that leans one way on its own leans the other way on the fold held out, and looks worse than it is.
    """
    fold_count = int(folds.max()) + 1 if folds is not None and len(folds) else 0
    own = [truth, *(truth[folds != fold] for fold in range(fold_count) if folds is not None)]
    counts = np.stack([np.bincount(rows, minlength=settings.classes) for rows in own]).astype(np.float64)
    if settings.sampling == "balanced":
        counts = np.minimum(counts, 1.0)
    shares = np.maximum(counts, 0.5) * weights
    bias = np.log(shares / shares.sum(axis=1, keepdims=True))
    return np.asarray(bias - bias.mean(axis=1, keepdims=True), np.float32)


def judged(probabilities: Array, truth: NDArray[np.intp]) -> dict[str, float | None]:
    """Return ``val_loss`` (unweighted) and ``val_auc``; None where there is no image to judge by."""
    if not len(truth):
        return {"val_loss": None, "val_auc": None}
    loss = float(cross_entropy(probabilities, truth).mean())
    return {"val_loss": loss, "val_auc": mean_auc(probabilities, truth) if np.isfinite(loss) else None}


class HeadStep:
    """Steps of a head on the rows of ``train``; the arguments are those of ``train_head``."""

    def __init__(
        self,
        train: HeadData,
        settings: HeadSettings,
        weights: NDArray[np.float64],
        divisors: NDArray[np.float64],
        folds: NDArray[np.intp] | None,
    ) -> None:
        self._train = train
        self._settings = settings
        self._weights = weights.astype(np.float32)
        self._shift = -np.log(divisors).astype(np.float32)
        self._folds = folds
        # Draws of a balanced pass are brought back to the natural shares in the reported loss.
        counts = np.bincount(train.truth, minlength=settings.classes)
        self._share = np.ones(settings.classes) if settings.sampling == "natural" else counts / counts.mean()

    def whole_pass(self, state: HeadState, rate: float, watch: HeadWatch | None = None) -> float | None:
        """Take all steps of a pass; return the unweighted loss of its rows as they were met.

        None where ``watch`` asks to go back to the last good state.
        """
        settings = self._settings
        order = epoch_order(
            self._train.truth, settings.classes, settings.sampling, settings.seed, state.epoch
        )
        total = seen = 0.0
        for number, batch in enumerate(batches(order, settings.batch_size), 1):
            taken = self.take(state, batch, rate)
            if watch is not None and watch.after_step(
                state.epoch + 1, number, taken.finite, taken.loss, batch
            ):
                return None
            share = self._share[self._train.truth[batch]]
            total += float((taken.losses * share).sum())
            seen += float(share.sum())
        return total / seen

    def _mask(self, batch: NDArray[np.intp], heads: int) -> Array:
        """Return [b, heads]: 1 where the head may learn from the row."""
        mask = np.ones((len(batch), heads), np.float32)
        if self._folds is not None and heads > 1:
            mask[np.arange(len(batch)), 1 + self._folds[batch]] = 0
        return mask

    def take(self, state: HeadState, batch: NDArray[np.intp], learning_rate: float) -> "Taken":
        """Take a step on the rows ``batch`` [b]; one that isn't finite is refused."""
        with np.errstate(over="ignore", invalid="ignore"):
            return self._take(state, batch, learning_rate)

    def _take(self, state: HeadState, batch: NDArray[np.intp], learning_rate: float) -> "Taken":
        truth, rows = self._train.truth[batch], self._train.rows.read(batch)
        mask = self._mask(batch, state.bias.shape[0])
        d, heads, k = state.kernel.shape
        b = len(rows)
        logits = (rows @ state.kernel.reshape(d, heads * k)).reshape(b, heads, k) + state.bias
        losses = cross_entropy(softmax(logits[:, 0] + self._shift), truth)
        probabilities = softmax(logits)
        hot = np.zeros((b, 1, k), np.float32)
        hot[np.arange(b), 0, truth] = 1
        error = probabilities - hot
        if self._settings.loss == "focal":
            error *= focal_factor(probabilities, truth)
        factors = self._weights[truth][:, None] * mask / mask.sum(axis=0).clip(1)
        error *= factors[:, :, None]
        learnt = factors * -np.log(probabilities[np.arange(b), :, truth].clip(LEAST))
        gradients = {
            "kernel": (rows.T @ error.reshape(b, heads * k)).reshape(d, heads, k),
            "bias": error.sum(axis=0),
        }
        gradients["kernel"] += np.float32(self._settings.l2) * state.kernel
        norms = np.sqrt(
            np.square(gradients["kernel"]).sum(axis=(0, 2)) + np.square(gradients["bias"]).sum(axis=1)
        )
        finite = bool(np.isfinite(norms).all())
        taken = Taken(losses, float(norms[0]), float(learnt.sum(axis=0).max()), finite)
        if not finite:
            return taken
        if self._settings.clip_norm is not None:
            factor = np.minimum(1, self._settings.clip_norm / np.maximum(norms, TINY)).astype(np.float32)
            gradients["kernel"] *= factor[None, :, None]
            gradients["bias"] *= factor[:, None]
        parameters = {"kernel": state.kernel, "bias": state.bias}
        state.optimizer.apply(parameters, gradients, learning_rate)
        return taken


class Taken(NamedTuple):
    """What a step met before it changed anything."""

    losses: NDArray[np.float64]
    """Unweighted, of the first head with the prior put back [b]."""
    norm: float
    """Of the first head's gradient, before it is clipped."""
    loss: float
    """Weighted as it is learnt from: the largest of the heads' means."""
    finite: bool
    """Whether the step was taken."""


def focal_factor(probabilities: Array, truth: NDArray[np.intp]) -> Array:
    """Return what cross entropy's gradient is multiplied by for focal loss, [b, heads, 1].

    d/dz_j of -(1 - p)^g log p, p the truth's probability, is
    (q_j - y_j) ((1 - p)^g - g p (1 - p)^(g-1) log p).
    """
    p = probabilities[np.arange(len(truth)), :, truth].clip(TINY, 1 - TINY)
    g = FOCAL_GAMMA
    factor = (1 - p) ** g - g * p * (1 - p) ** (g - 1) * np.log(p)
    return np.asarray(factor[:, :, None], np.float32)


def predict(rows: Rows, kernel: Array, bias: Array, divisors: NDArray[np.float64]) -> Array:
    """Return probabilities [n, k] with the prior put back, in blocks of bounded size."""
    shift = bias - np.log(divisors).astype(np.float32)
    blocks = [
        softmax(rows.read(np.arange(start, min(start + 4096, len(rows)))) @ kernel + shift)
        for start in range(0, len(rows), 4096)
    ]
    return np.concatenate(blocks) if blocks else np.empty((0, len(bias)), np.float32)


def out_of_fold(
    rows: Rows, state: HeadState, folds: NDArray[np.intp], divisors: NDArray[np.float64]
) -> Array:
    """Return for each training row [n, k] the probabilities of the head that hasn't learned from it."""
    found = np.empty((len(rows), state.best_bias.shape[1]), np.float32)
    for fold in range(state.best_bias.shape[0] - 1):
        positions = np.flatnonzero(folds == fold)
        part = Part(rows, positions)
        found[positions] = predict(part, state.best_kernel[:, 1 + fold], state.best_bias[1 + fold], divisors)
    return found


@dataclass(frozen=True)
class Part:
    """Some of the rows of others."""

    rows: Rows
    positions: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.positions)

    def read(self, positions: NDArray[np.intp]) -> Array:
        return self.rows.read(self.positions[positions])
