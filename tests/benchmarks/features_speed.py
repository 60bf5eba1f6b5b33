"""Frozen features on the CPU: onnxruntime as we use it against keras.Model.predict of the same network.

    python tests/benchmarks/features_speed.py [side ...]

Alternates the two in one process and prints images per second of the best round (other work only slows
down) and their ratio, which should be at least 2.2; per processor second too, for a busy machine.
"""

import sys
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from counterpoise.core.models.arrays import initial_arrays
from counterpoise.core.models.assemble import FEATURES, assemble
from counterpoise.core.models.keras_builder import build_keras
from counterpoise.core.models.onnx_builder import build_onnx
from counterpoise.core.models.registry import spec
from counterpoise.core.models.session import runner
from counterpoise.core.pixels.format import PixelFormat
from counterpoise.core.pixels.scaling import FittedScaling

ROUNDS = 5
IMAGES = {96: 512, 224: 128}


def main() -> None:
    for side in [int(given) for given in sys.argv[1:]] or [96, 224]:
        compare(side, IMAGES.get(side, 128))


def compare(side: int, count: int) -> None:
    chosen = spec("efficientnet_lite0")
    fmt = PixelFormat(size=(side, side), channels=3, units="uint8")
    scaling = FittedScaling(method="minmax", offset=(0.0,) * 3, scale=(1 / 255,) * 3)
    network = assemble(chosen, fmt, scaling, 2, "features").until(FEATURES)
    arrays = initial_arrays(network, chosen, "features")
    model, run = build_keras(network, arrays), runner(build_onnx(network, arrays))
    raw = np.random.default_rng(0).integers(0, 256, (count, *fmt.shape), np.uint8)
    floats = raw.astype(np.float32)
    ways: dict[str, Callable[[], NDArray[np.float32]]] = {
        "keras.Model.predict": lambda: model.predict(floats, batch_size=32, verbose=0),
        "onnxruntime": lambda: run(raw),
    }
    difference = np.abs(ways["keras.Model.predict"]() - ways["onnxruntime"]()).max()
    wall: dict[str, list[float]] = {name: [] for name in ways}
    processor: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            began, busy = time.perf_counter(), time.process_time()
            way()
            wall[name].append(time.perf_counter() - began)
            processor[name].append(time.process_time() - busy)
    for unit, taken in (("second", wall), ("processor second", processor)):
        speed = {name: count / min(times) for name, times in taken.items()}
        ratio = speed["onnxruntime"] / speed["keras.Model.predict"]
        told = ", ".join(f"{name} {value:.0f}" for name, value in speed.items())
        print(f"{side} px, images per {unit}: {told}; ratio {ratio:.2f}")
    print(f"{side} px, largest difference of a feature {difference:.1e}")


if __name__ == "__main__":
    main()
