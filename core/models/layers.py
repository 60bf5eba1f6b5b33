"""The layers a network is made of, as plain data: what Keras and ONNX are built from alike."""

from dataclasses import dataclass

INPUT = "image"
"""Name of a network's input."""


@dataclass(frozen=True)
class Layer:
    """A layer that takes the outputs of others; ``inputs`` holds their names."""

    name: str
    inputs: tuple[str, ...]


@dataclass(frozen=True)
class Affine(Layer):
    """y = x * scale + offset; one value, or one per channel."""

    scale: tuple[float, ...]
    offset: tuple[float, ...]


@dataclass(frozen=True)
class Clip(Layer):
    """y = min(max(x, 0), limit); without a limit the plain ReLU."""

    limit: float | None = None


@dataclass(frozen=True)
class ImageNorm(Layer):
    """Each image less its own mean, over its own standard deviation (of all pixels and channels)."""

    epsilon: float


@dataclass(frozen=True)
class Repeat(Layer):
    """A grey image as ``channels`` equal channels."""

    channels: int


@dataclass(frozen=True)
class Conv(Layer):
    """Convolution, ``same`` padding as TensorFlow does it; arrays ``kernel`` [k, k, in, out], ``bias``."""

    filters: int
    kernel: int
    stride: int = 1
    bias: bool = True


@dataclass(frozen=True)
class Depthwise(Layer):
    """One filter per channel, ``same`` padding, no bias; array ``kernel`` [k, k, channels, 1]."""

    kernel: int
    stride: int = 1


@dataclass(frozen=True)
class BatchNorm(Layer):
    """Arrays ``gamma``, ``beta``, ``mean``, ``variance`` [channels]."""

    epsilon: float = 1e-3


@dataclass(frozen=True)
class Add(Layer):
    """The sum of two inputs of one shape."""


@dataclass(frozen=True)
class MaxPool(Layer):
    """Largest value of each square of ``size``; what is left over at the edge is dropped."""

    size: int = 2


@dataclass(frozen=True)
class GlobalPool(Layer):
    """Mean over height and width."""


@dataclass(frozen=True)
class Flatten(Layer):
    """All values in the order height, width, channel."""


@dataclass(frozen=True)
class Dense(Layer):
    """Arrays ``kernel`` [in, units] and ``bias`` [units]."""

    units: int


@dataclass(frozen=True)
class Dropout(Layer):
    """Only there while training; nothing that is saved or exported holds it."""

    rate: float


@dataclass(frozen=True)
class Softmax(Layer):
    """Probabilities of the last axis."""
