"""Where a training of a whole network stands, to and from a saved state."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from counterpoise.core.models.network import Arrays
from counterpoise.core.training.checkpoints import State


@dataclass
class GradientState:
    """All that the next step depends on beside weights, optimizer and settings."""

    epoch: int = 0
    """Passes done."""
    step: int = 0
    """Steps done in the pass that goes on."""
    total: float = 0.0
    seen: float = 0.0
    """Sums of the pass that goes on: unweighted loss, and images."""
    best_epoch: int = 0
    best_loss: float = float("inf")
    best: Arrays = field(default_factory=dict)
    history: list[dict[str, Any]] = field(default_factory=list)
    guards: dict[str, Any] = field(default_factory=dict)
    """What the guards remember, by their names."""
    minutes: float = 0.0
    """Spent before this process began."""

    PLAIN = ("epoch", "step", "total", "seen", "best_epoch", "best_loss", "history", "guards", "minutes")

    def to_saved(self, arrays: Arrays, optimizer: Mapping[str, NDArray[Any]]) -> State:
        """Return what ``Checkpoints.save`` takes; ``optimizer`` from ``optimizer_arrays``."""
        parts = (("weights", arrays), ("best", self.best), ("optimizer", optimizer))
        named = {f"{part}:{key}": value for part, values in parts for key, value in values.items()}
        plain = {key: getattr(self, key) for key in self.PLAIN}
        return named, {**plain, "history": list(self.history)}


def from_saved(saved: State) -> tuple[GradientState, Arrays, dict[str, NDArray[Any]]]:
    """Undo ``to_saved``."""
    named, plain = saved

    def part(name: str) -> dict[str, NDArray[Any]]:
        return {k.partition(":")[2]: v for k, v in named.items() if k.startswith(f"{name}:")}

    # The first version saved nothing of the guards.
    known = {key: plain[key] for key in GradientState.PLAIN if key in plain}
    state = GradientState(**known, best=part("best"))
    state.history = list(state.history)
    return state, part("weights"), part("optimizer")


def optimizer_arrays(optimizer: Any) -> dict[str, NDArray[Any]]:
    """Return the variables of a built Keras optimizer by their number."""
    return {f"{i:05d}": np.asarray(variable.value).copy() for i, variable in enumerate(optimizer.variables)}


def set_optimizer(optimizer: Any, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Undo ``optimizer_arrays``; raises ValueError where they are another optimizer's."""
    if len(arrays) != len(optimizer.variables):
        raise ValueError(f"expected {len(optimizer.variables)} variables, received {len(arrays)}")
    for key, variable in zip(sorted(arrays), optimizer.variables, strict=True):
        variable.assign(arrays[key])
