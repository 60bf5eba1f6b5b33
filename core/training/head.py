"""A softmax head on features, trained by our own loop, together with the heads of a cross-validation.

All heads see the same batches: head 0 learns from every row, head f from the rows outside fold f. One
matrix product serves them all, so the honest figure costs little more than the head itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from counterpoise.core.figures.auc import mean_auc
from counterpoise.core.training.losses import FOCAL_GAMMA, TINY, cross_entropy, softmax
from counterpoise.core.training.optimizers import Name, Optimizer
from counterpoise.core.training.order import Sampling, batches, epoch_order

Array = NDArray[np.float32]
L2 = 0.1
"""Weight of half the squared kernel in the loss, on evened features: of .01 to .3 the best on three sets
(test AUC of pneumoniamnist .922 at .01, .948 at .1)."""


class Rows(Protocol):
    """Evened features that can be read by position: float32 [n, d]."""

    def __len__(self) -> int: ...
    def read(self, positions: NDArray[np.intp]) -> Array: ...


@dataclass(frozen=True)
class HeadSettings:
    classes: int
    optimizer: Name
    learning_rate: float
    batch_size: int
    epochs: int
    patience: int
    clip_norm: float | None = None
    loss: Literal["cross_entropy", "focal"] = "cross_entropy"
    sampling: Sampling = "natural"
    seed: int = 0
    l2: float = L2


@dataclass(frozen=True)
class HeadData:
    """Rows with their truth (index of the class)."""

    rows: Rows
    truth: NDArray[np.intp]


@dataclass
class HeadState:
    """All that a resumed run needs; ``kernel`` [d, heads, k], ``bias`` [heads, k]."""

    kernel: Array
    bias: Array
    optimizer: Optimizer
    epoch: int = 0
    """Passes done."""
    best_epoch: int = 0
    best_loss: float = float("inf")
    best_kernel: Array = field(default_factory=lambda: np.empty(0, np.float32))
    best_bias: Array = field(default_factory=lambda: np.empty(0, np.float32))
    history: list[dict[str, float | None]] = field(default_factory=list)
    refused: int = 0
    """Steps that weren't applied because they weren't finite."""

    def to_checkpoint(self) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
        """Return arrays and plain values."""
        arrays = {
            "kernel": self.kernel,
            "bias": self.bias,
            "best_kernel": self.best_kernel,
            "best_bias": self.best_bias,
            **{f"optimizer/{key}": value for key, value in self.optimizer.state.items()},
        }
        plain = {
            "optimizer": self.optimizer.name,
            "step": self.optimizer.step,
            "epoch": self.epoch,
            "best_epoch": self.best_epoch,
            "best_loss": self.best_loss,
            "history": self.history,
            "refused": self.refused,
        }
        return arrays, plain

    @staticmethod
    def from_checkpoint(arrays: dict[str, NDArray[Any]], plain: dict[str, Any]) -> "HeadState":
        slots = {k.removeprefix("optimizer/"): v for k, v in arrays.items() if k.startswith("optimizer/")}
        return HeadState(
            kernel=arrays["kernel"],
            bias=arrays["bias"],
            optimizer=Optimizer(plain["optimizer"], plain["step"], slots),
            epoch=plain["epoch"],
            best_epoch=plain["best_epoch"],
            best_loss=plain["best_loss"],
            best_kernel=arrays["best_kernel"],
            best_bias=arrays["best_bias"],
            history=plain["history"],
            refused=plain["refused"],
        )


def new_head(features: int, heads: int, settings: HeadSettings) -> HeadState:
    """Return heads that give every class the same probability: zero is a fair start for a convex problem."""
    kernel = np.zeros((features, heads, settings.classes), np.float32)
    bias = np.zeros((heads, settings.classes), np.float32)
    return HeadState(
        kernel, bias, Optimizer(settings.optimizer), best_kernel=kernel.copy(), best_bias=bias.copy()
    )


def train_head(
    train: HeadData,
    val: HeadData,
    settings: HeadSettings,
    weights: NDArray[np.float64],
    divisors: NDArray[np.float64],
    folds: NDArray[np.intp] | None = None,
    state: HeadState | None = None,
) -> Iterator[HeadState]:
    """Train pass by pass; yield the state (always the same object) after each.

    ``weights`` [k] multiply the loss of each class; ``divisors`` [k] put the prior back, so that ``loss``
    and ``val_loss``, both unweighted, are those of the probabilities the model will give. ``folds`` [n]
    names the fold (from 0) each training row is held out of. The best state is the one of the least
    ``val_loss``; it ends ``patience`` passes after it. Steps that aren't finite are refused.
    """
    fold_count = int(folds.max()) + 1 if folds is not None and len(folds) else 0
    if state is None:
        width = train.rows.read(np.array([0])).shape[1]
        state = new_head(width, 1 + fold_count, settings)
    step = HeadStep(train, settings, weights, divisors, folds)
    while state.epoch < settings.epochs and state.epoch - state.best_epoch < settings.patience:
        loss = step.whole_pass(state)
        state.epoch += 1
        with np.errstate(over="ignore", invalid="ignore"):
            probabilities = predict(val.rows, state.kernel[:, 0], state.bias[0], divisors)
        entry = {"epoch": state.epoch, "loss": loss, **judged(probabilities, val.truth)}
        state.history.append(entry)
        # Without validation images the training loss has to do.
        reached = entry["val_loss"] if len(val.truth) else loss
        if reached is not None and reached < state.best_loss:
            state.best_loss, state.best_epoch = reached, state.epoch
            state.best_kernel, state.best_bias = state.kernel.copy(), state.bias.copy()
        yield state


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

    def whole_pass(self, state: HeadState) -> float:
        """Take all steps of a pass; return the unweighted loss of its rows as they were met."""
        settings = self._settings
        order = epoch_order(
            self._train.truth, settings.classes, settings.sampling, settings.seed, state.epoch
        )
        total = seen = 0.0
        for batch in batches(order, settings.batch_size):
            losses, _ = self.take(state, batch, settings.learning_rate)
            share = self._share[self._train.truth[batch]]
            total += float((losses * share).sum())
            seen += float(share.sum())
        return total / seen

    def _mask(self, batch: NDArray[np.intp], heads: int) -> Array:
        """Return [b, heads]: 1 where the head may learn from the row."""
        mask = np.ones((len(batch), heads), np.float32)
        if self._folds is not None and heads > 1:
            mask[np.arange(len(batch)), 1 + self._folds[batch]] = 0
        return mask

    def take(
        self, state: HeadState, batch: NDArray[np.intp], learning_rate: float
    ) -> tuple[NDArray[np.float64], float]:
        """Take a step on the rows ``batch`` [b].

        Returns their unweighted losses [b] before it, and the norm of the first head's gradient before it
        is clipped. A step that isn't finite is refused.
        """
        with np.errstate(over="ignore", invalid="ignore"):
            return self._take(state, batch, learning_rate)

    def _take(
        self, state: HeadState, batch: NDArray[np.intp], learning_rate: float
    ) -> tuple[NDArray[np.float64], float]:
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
        error *= (self._weights[truth][:, None] * mask / mask.sum(axis=0).clip(1))[:, :, None]
        gradients = {
            "kernel": (rows.T @ error.reshape(b, heads * k)).reshape(d, heads, k),
            "bias": error.sum(axis=0),
        }
        gradients["kernel"] += np.float32(self._settings.l2) * state.kernel
        norms = np.sqrt(
            np.square(gradients["kernel"]).sum(axis=(0, 2)) + np.square(gradients["bias"]).sum(axis=1)
        )
        if not np.isfinite(norms).all():
            state.refused += 1
            return losses, float(norms[0])
        if self._settings.clip_norm is not None:
            factor = np.minimum(1, self._settings.clip_norm / np.maximum(norms, TINY)).astype(np.float32)
            gradients["kernel"] *= factor[None, :, None]
            gradients["bias"] *= factor[:, None]
        parameters = {"kernel": state.kernel, "bias": state.bias}
        state.optimizer.apply(parameters, gradients, learning_rate)
        return losses, float(norms[0])


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
        part = _Part(rows, positions)
        found[positions] = predict(part, state.best_kernel[:, 1 + fold], state.best_bias[1 + fold], divisors)
    return found


@dataclass(frozen=True)
class _Part:
    rows: Rows
    positions: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.positions)

    def read(self, positions: NDArray[np.intp]) -> Array:
        return self.rows.read(self.positions[positions])
