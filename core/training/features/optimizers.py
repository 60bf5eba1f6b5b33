"""The optimizers of the head, with Keras' formulas and constants."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Name = Literal["adam", "adamw", "sgd", "rmsprop"]

BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-7
MOMENTUM = 0.9
RHO = 0.9
DECOUPLED_DECAY = 0.004
"""Of adamw (Loshchilov and Hutter 2019, arXiv 1711.05101), Keras' default."""


@dataclass
class Optimizer:
    """Changes parameters in place; ``state`` holds its arrays, so that a run can be resumed."""

    name: Name
    step: int = 0
    state: dict[str, Array] = field(default_factory=dict)

    def apply(
        self, parameters: Mapping[str, Array], gradients: Mapping[str, Array], learning_rate: float
    ) -> None:
        """Take one step."""
        self.step += 1
        for key, value in parameters.items():
            self._apply(key, value, gradients[key], np.float32(learning_rate))

    def _slot(self, slot: str, key: str, like: Array) -> Array:
        return self.state.setdefault(f"{slot}/{key}", np.zeros_like(like))

    def _apply(self, key: str, value: Array, gradient: Array, rate: np.float32) -> None:
        if self.name == "sgd":
            velocity = self._slot("velocity", key, value)
            velocity *= np.float32(MOMENTUM)
            velocity -= rate * gradient
            value += velocity
        elif self.name == "rmsprop":
            square = self._slot("square", key, value)
            square += np.float32(1 - RHO) * (np.square(gradient) - square)
            value -= rate * gradient / (np.sqrt(square) + np.float32(EPSILON))
        else:
            if self.name == "adamw":
                value -= rate * np.float32(DECOUPLED_DECAY) * value
            mean, square = self._slot("mean", key, value), self._slot("square", key, value)
            mean += np.float32(1 - BETA_1) * (gradient - mean)
            square += np.float32(1 - BETA_2) * (np.square(gradient) - square)
            corrected = rate * np.float32(np.sqrt(1 - BETA_2**self.step) / (1 - BETA_1**self.step))
            value -= corrected * mean / (np.sqrt(square) + np.float32(EPSILON))
