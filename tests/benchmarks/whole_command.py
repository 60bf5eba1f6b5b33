"""The default way, whole commands: scan, checks, training, figures on the test part.

    python tests/benchmarks/whole_command.py [SET ...]

Beside it, on a part of pneumoniamnist, Keras' own transfer-learning guide with the same network,
weights and images: 20 rounds with the network frozen, 10 of fine-tuning at 1e-5.
"""

import sys
import tempfile
import time
from pathlib import Path

from common import counterpoise, need

SETS: dict[str, tuple[str, ...]] = {
    "pneumoniamnist": (),
    "bccd_crops": ("--group-by", r"name:^(BloodImage_\d+)_"),
    "rbc12_crops": ("--group-by", r"name:^(img\d+)_"),
}
PART = 600
"""Training images that the guide gets; its time grows with them."""


def ours(data: Path, options: tuple[str, ...], folder: Path) -> tuple[float, float, float]:
    """Return wall seconds, CPU seconds and test AUC of train and evaluate with an empty cache."""
    cache = ("--cache", str(folder / "cache"))
    train = counterpoise("train", data, "--run", folder / "run", *options, *cache)
    test = counterpoise("evaluate", folder / "run", *cache)
    return (
        train.seconds + test.seconds,
        train.cpu_seconds + test.cpu_seconds,
        test.answer["metrics"]["auc"]["value"],
    )


def part_of(data: Path, folder: Path) -> Path:
    """Link every n-th training image, and the whole validation and test parts, into ``folder``."""
    for part in ("train", "val", "test"):
        files = sorted((data / part).glob("*/*.png"))
        step = len(files) // PART if part == "train" else 1
        for file in files[::step]:
            target = folder / file.relative_to(data)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(file)
    return folder


def guide(data: Path, size: int = 96) -> list[tuple[float, float]]:
    """Return seconds since the start and test AUC after each of the guide's two stages."""
    began = time.perf_counter()
    import keras
    import numpy as np
    from sklearn.metrics import roc_auc_score

    from counterpoise.core.models.keras_builder import build_keras
    from counterpoise.core.models.layers import INPUT
    from counterpoise.core.models.network import Network
    from counterpoise.core.models.registry import spec

    def load(part: str) -> "object":
        return keras.utils.image_dataset_from_directory(
            data / part,
            image_size=(size, size),
            batch_size=32,
            shuffle=part == "train",
            seed=0,
            verbose=False,
        ).prefetch(2)

    train, val, test = load("train"), load("val"), load("test")
    network = spec("efficientnet_lite0")  # the same network and weights as ours
    weights = network.weights(None) if network.weights else {}
    base = build_keras(Network((size, size, 3), network.layers(INPUT, "features")), weights)
    base.trainable = False
    inputs = keras.Input((size, size, 3))
    flipped = keras.layers.RandomRotation(0.1)(keras.layers.RandomFlip("horizontal")(inputs))
    scaled = keras.layers.Rescaling(1 / 128, offset=-127 / 128)(flipped)
    features = keras.layers.Dropout(0.2)(base(scaled, training=False))
    model = keras.Model(inputs, keras.layers.Dense(1)(features))
    truth = np.concatenate([labels for _, labels in test])
    stages = []
    for rate, epochs in ((1e-3, 20), (1e-5, 10)):
        loss = keras.losses.BinaryCrossentropy(from_logits=True)
        model.compile(
            keras.optimizers.Adam(rate), loss, metrics=[keras.metrics.BinaryAccuracy(threshold=0.0)]
        )
        model.fit(train, epochs=epochs, validation_data=val, verbose=0)
        auc = float(roc_auc_score(truth, model.predict(test, verbose=0)[:, 0]))
        stages.append((time.perf_counter() - began, auc))
        base.trainable = True
    return stages


def main(names: list[str]) -> None:
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            seconds, cpu, auc = ours(need(name), SETS[name], Path(folder))
            print(f"{name}: {seconds:.0f} s, {cpu:.0f} s of CPU, test AUC {auc:.4f}")
    with tempfile.TemporaryDirectory() as folder:
        data = part_of(need("pneumoniamnist"), Path(folder) / "part")
        seconds, _, auc = ours(data, (), Path(folder))
        print(f"part of pneumoniamnist: ours {seconds:.0f} s, AUC {auc:.4f}")
        for name, (taken, guide_auc) in zip(("frozen", "fine-tuned"), guide(data), strict=True):
            ratio = taken / seconds
            print(f"    Keras' guide, {name}: {taken:.0f} s, AUC {guide_auc:.4f}; {ratio:.1f} times ours")


if __name__ == "__main__":
    main(sys.argv[1:] or list(SETS))
