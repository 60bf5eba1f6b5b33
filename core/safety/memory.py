"""How much memory a run will take, estimated before it starts."""

from counterpoise.core.models.spec import ModelSpec
from counterpoise.core.pixels.format import PixelFormat
from counterpoise.core.safety.host import Host

GIB = 2**30
# Resident size of a process that has imported TensorFlow and compiled a step, with its buffers.
TENSORFLOW_BYTES = 1.3 * GIB
# onnxruntime with its weights, NumPy and the decoders.
FEATURES_BYTES = 0.5 * GIB
# Values kept per input pixel for the backward pass: the outputs of all layers, added up from the
# architecture (EfficientNet-Lite0 at 224 px: 13.6 million of 50,176 pixels, batch norms and
# activations included), and their gradients as far as they live at the same time.
VALUES_PER_PIXEL = {"efficientnet_lite0": 270, "small_cnn": 80}
BYTES_PER_VALUE = 4
GRADIENT_FACTOR = 1.5
FEATURES_BATCH = 32
"""Images that go through the frozen backbone at once."""
# Part of the free memory that a run may plan to use; the system and other programs need the rest.
USABLE_SHARE = 0.8


def bytes_per_image(spec: ModelSpec, fmt: PixelFormat, mode: str) -> float:
    """Return what one more image in the batch costs, in bytes."""
    pixels = fmt.size[0] * fmt.size[1]
    if mode == "features":
        # The head's batch is rows of features; a copy each for the gradient and the sampling.
        return 3.0 * spec.feature_width * BYTES_PER_VALUE
    return pixels * VALUES_PER_PIXEL.get(spec.name, 270) * BYTES_PER_VALUE * GRADIENT_FACTOR


def bytes_fixed(spec: ModelSpec, fmt: PixelFormat, mode: str, device: str) -> float:
    """Return what the run takes whatever the batch: program, parameters, optimizer."""
    if mode == "features":
        pixels = fmt.size[0] * fmt.size[1]
        # Forward only: two layers' outputs live at a time, an eighth of all of them.
        forward = FEATURES_BATCH * pixels * VALUES_PER_PIXEL.get(spec.name, 270) * BYTES_PER_VALUE / 8
        return FEATURES_BYTES + forward
    # Weights, gradient and Adam's two moments.
    state = 4 * spec.parameters * BYTES_PER_VALUE
    return state + (0.5 * GIB if device == "gpu" else TENSORFLOW_BYTES)


def estimate(spec: ModelSpec, fmt: PixelFormat, mode: str, device: str, batch: int) -> float:
    """Return the bytes a run is likely to take at its peak."""
    return bytes_fixed(spec, fmt, mode, device) + batch * bytes_per_image(spec, fmt, mode)


def available(host: Host, device: str) -> int:
    """Return the free bytes of the memory the run will live in: the card's on a GPU, else the host's."""
    if device == "gpu" and host.gpus:
        return max(gpu.memory_free for gpu in host.gpus)
    return host.memory_free


def largest_batch(spec: ModelSpec, fmt: PixelFormat, mode: str, device: str, host: Host, wanted: int) -> int:
    """Halve ``wanted`` until it fits into the memory that is free; at least 1."""
    room = USABLE_SHARE * available(host, device)
    while wanted > 1 and estimate(spec, fmt, mode, device, wanted) > room:
        wanted //= 2
    return wanted
