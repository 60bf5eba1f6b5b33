"""The plain convolutional network of first tutorials: three times convolution and pooling, then dense."""

from counterpoise.core.models.layers import Clip, Conv, Dense, Flatten, Layer, MaxPool

FILTERS = (32, 64, 64)
FEATURE_WIDTH = 64


def layers(given: str, features: str) -> tuple[Layer, ...]:
    """Return the network from the layer ``given`` to the layer named ``features`` [64]."""
    stack: list[Layer] = []
    last = given
    for number, filters in enumerate(FILTERS, 1):
        stack += [
            Conv(f"conv{number}", (last,), filters, 3),
            Clip(f"conv{number}_relu", (f"conv{number}",)),
            MaxPool(f"pool{number}", (f"conv{number}_relu",)),
        ]
        last = f"pool{number}"
    return (
        *stack,
        Flatten("flatten", (last,)),
        Dense("dense", ("flatten",), FEATURE_WIDTH),
        Clip(features, ("dense",)),
    )
