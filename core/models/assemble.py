"""From a choice to a whole network: raw pixels in, probabilities out, scaling inside."""

from counterpoise.core.models.layers import (
    INPUT,
    Affine,
    Clip,
    Dense,
    Dropout,
    ImageNorm,
    Layer,
    Repeat,
    Softmax,
)
from counterpoise.core.models.network import Network
from counterpoise.core.models.spec import Mode, ModelSpec
from counterpoise.core.pixels.format import PixelFormat
from counterpoise.core.pixels.scaling import FittedScaling

FEATURES, HEAD, PROBABILITIES = "features", "head", "probabilities"
"""Names of the layers where a network can be cut: ``network.until(FEATURES)``; HEAD gives logits."""


def assemble(
    spec: ModelSpec, fmt: PixelFormat, scaling: FittedScaling, classes: int, mode: Mode, dropout: float = 0.0
) -> Network:
    """Return scaling, channels, native range, backbone, dropout (training only), dense and softmax."""
    stack = list(scaling_layers(scaling))
    last = stack[-1].name if stack else INPUT
    if spec.channels and spec.channels != fmt.channels:
        stack.append(Repeat("channels", (last,), spec.channels))
        last = "channels"
    scale, offset = spec.native_affine(scaling.method, fmt.units) if mode != "scratch" else (1.0, 0.0)
    if (scale, offset) != (1.0, 0.0):
        stack.append(Affine("native_range", (last,), (scale,), (offset,)))
        last = "native_range"
    stack += spec.layers(last, FEATURES)
    last = FEATURES
    if dropout:
        stack.append(Dropout("dropout", (last,), dropout))
        last = "dropout"
    stack += [Dense(HEAD, (last,), classes), Softmax(PROBABILITIES, (HEAD,))]
    return Network(fmt.shape, tuple(stack))


def scaling_layers(scaling: FittedScaling) -> tuple[Layer, ...]:
    """Return a fitted scaling as layers on the raw input.

    The offset is taken off first: x * scale - offset * scale would lose the digits of values that lie
    far from zero.
    """
    stack: list[Layer] = []
    last = INPUT
    if any(scaling.offset):
        centre = tuple(-value for value in scaling.offset)
        stack.append(Affine("scaling_offset", (last,), (1.0,), centre))
        last = "scaling_offset"
    if any(value != 1 for value in scaling.scale):
        stack.append(Affine("scaling", (last,), scaling.scale, (0.0,)))
        last = "scaling"
    if scaling.clip:
        stack.append(Clip("scaling_clip", (last,), scaling.clip[1]))
        last = "scaling_clip"
    if scaling.per_image:
        stack.append(ImageNorm("image_zscore", (last,), scaling.epsilon))
    return tuple(stack)
