"""The weights of a network: pretrained, drawn from a seed, or with a new head."""

from math import prod, sqrt
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from counterpoise.core.models.assemble import HEAD
from counterpoise.core.models.network import Arrays, Network
from counterpoise.core.models.spec import Mode, ModelSpec


def initial_arrays(
    network: Network, spec: ModelSpec, mode: Mode, seed: int = 0, weights: Path | None = None
) -> dict[str, NDArray[np.float32]]:
    """Return the weights a training starts from: a pretrained backbone but for ``scratch``; a random head.

    Where training starts from nothing ``weights`` isn't used, and ``check`` says so.
    """
    if mode == "scratch" or spec.weights is None:
        return random_arrays(network, seed)
    known = spec.weights(weights)
    drawn = random_arrays(network, seed)
    return {key: known.get(key, value) for key, value in drawn.items()}


def random_arrays(network: Network, seed: int) -> dict[str, NDArray[np.float32]]:
    """Draw weights: He normal for convolutions, Glorot uniform for dense layers, batch norm as identity.

    He et al. 2015, arXiv 1502.01852; Glorot and Bengio 2010. The same seed gives the same weights.
    """
    random = np.random.default_rng(seed)
    return {key: _draw(key, shape, random) for key, shape in network.array_shapes.items()}


def _draw(key: str, shape: tuple[int, ...], random: np.random.Generator) -> NDArray[np.float32]:
    role = key.rpartition("/")[2]
    if role != "kernel":
        return np.full(shape, 1 if role in ("gamma", "variance") else 0, np.float32)
    if len(shape) == 2:
        limit = sqrt(6 / sum(shape))
        return random.uniform(-limit, limit, shape).astype(np.float32)
    fan_in = shape[0] * shape[1] if shape[3] == 1 else prod(shape[:3])
    return random.normal(0, sqrt(2 / fan_in), shape).astype(np.float32)


def with_head(arrays: Arrays, kernel: ArrayLike, bias: ArrayLike) -> dict[str, NDArray[np.float32]]:
    """Return the weights with another head: ``kernel`` [feature_width, classes], ``bias`` [classes]."""
    head = {f"{HEAD}/kernel": np.asarray(kernel, np.float32), f"{HEAD}/bias": np.asarray(bias, np.float32)}
    return {**arrays, **head}


def with_prior(arrays: Arrays, divisors: ArrayLike) -> dict[str, NDArray[np.float32]]:
    """Return the weights with the training prior put back: p_c proportional to q_c / ``divisors``_c.

    Inside the softmax a division is a subtraction of the logarithm, so it goes into the head's bias.
    ``divisors`` [classes] are positive (Saerens et al. 2002, doi 10.1162/089976602753284446).
    """
    bias = np.asarray(arrays[f"{HEAD}/bias"], np.float64) - np.log(np.asarray(divisors, np.float64))
    return {**arrays, f"{HEAD}/bias": bias.astype(np.float32)}
