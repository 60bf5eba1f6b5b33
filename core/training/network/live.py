"""A network that is being trained: its Keras model, its step, and all that must be kept of them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from counterpoise.core.models import layers as kinds
from counterpoise.core.models.keras_builder import build_keras, read_arrays, write_arrays
from counterpoise.core.models.network import Arrays, Network
from counterpoise.core.training.features.train import class_vectors, head_settings
from counterpoise.core.training.network.state import optimizer_arrays, set_optimizer
from counterpoise.core.training.network.step import NetworkStep
from counterpoise.core.training.network.train import learns
from counterpoise.core.training.record import RunConfig

SCALE = "scale"
"""Before the numbers of the loss scale's own variables: the optimizer's are the same with and without it."""

SCALES = ("step_counter", "dynamic_scale")
"""The loss scale's variables."""


class LiveNetwork:
    """``network`` (to the logits) with ``arrays`` as its weights, in a Keras dtype policy ``precision``."""

    def __init__(
        self, network: Network, arrays: Arrays, config: RunConfig, precision: str, counts: NDArray[np.intp]
    ) -> None:
        """``counts`` [k]: images of each class in the training part."""
        self._network, self._config, self._counts = network, config, counts
        self._half = precision == "mixed_float16"
        mode, settings = config.settings.model.mode, head_settings(config)
        weights, divisors = class_vectors(config)
        self._model = build_keras(
            network,
            arrays,
            trainable=lambda layer: learns(mode, layer),
            precision=precision,
            fine_input=config.format.units != "uint8",
        )
        natural = settings.sampling == "natural"
        self.step = NetworkStep(
            self._model,
            optimizer=settings.optimizer,
            weights=weights,
            divisors=divisors,
            shares=np.ones(len(counts)) if natural else counts / counts.mean(),
            dtype=config.format.dtype,
            loss=settings.loss,
            clip_norm=settings.clip_norm,
            half=self._half,
        )

    def arrays(self) -> Arrays:
        """Return the present weights."""
        return read_arrays(self._model, self._network)

    def optimizer(self) -> dict[str, NDArray[Any]]:
        """Return the variables of the optimizer, by number, and of the loss scale where there is one."""
        if not self._half:
            return optimizer_arrays(self.step.optimizer)
        inner = self.step.optimizer.inner_optimizer
        return {
            **optimizer_arrays(inner),
            **{f"{SCALE}{key}": np.asarray(getattr(self.step.optimizer, key).value).copy() for key in SCALES},
        }

    def put(self, arrays: Arrays, optimizer: dict[str, NDArray[Any]]) -> None:
        """Take over weights and optimizer; a loss scale is passed over where there is none any more."""
        write_arrays(self._model, self._network, arrays)
        own = {key: value for key, value in optimizer.items() if not key.startswith(SCALE)}
        set_optimizer(self.step.optimizer.inner_optimizer if self._half else self.step.optimizer, own)
        if self._half:
            for key in SCALES:
                getattr(self.step.optimizer, key).assign(optimizer[f"{SCALE}{key}"])

    def in_float32(self) -> "LiveNetwork":
        """Return the same network, optimizer and sums in full precision."""
        other = LiveNetwork(self._network, self.arrays(), self._config, "float32", self._counts)
        other.put(self.arrays(), self.optimizer())
        other.step.set_sums(*self.step.take_sums())
        return other


def learns_statistics(network: Network, mode: str) -> bool:
    """Whether batch norm learns its statistics in ``mode``, from each piece of a batch for itself."""
    return any(isinstance(layer, kinds.BatchNorm) and learns(mode, layer) for layer in network.layers)
