"""What the Keras programs share: the network that everybody writes first, and a look at what came out."""

from pathlib import Path
from typing import Any

import numpy as np
from mistake import Seen
from PIL import Image


def arrays(folder: Path) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Return pixels float32 [n, height, width, 1] from 0 to 255, classes int [n], and their names."""
    names = sorted(entry.name for entry in folder.iterdir() if entry.is_dir())
    found = [(file, c) for c, name in enumerate(names) for file in sorted((folder / name).iterdir())]
    x = np.stack([np.asarray(Image.open(file).convert("L"), np.float32) for file, _ in found])[..., None]
    order = np.random.default_rng(0).permutation(len(found))
    return x[order], np.array([c for _, c in found])[order], names


def cnn(classes: int, last: str | None = "softmax", units: int | None = None) -> Any:
    """Two convolutions, two dense layers: the plain CNN of the origin's question."""
    import keras
    from keras import layers

    keras.utils.set_random_seed(0)
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(16, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(units or classes, activation=last),
        ]
    )


def compiled(classes: int, optimizer: Any = "adam", **options: Any) -> Any:
    model = cnn(classes)
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"], **options)
    return model


def judge(model: Any, x: np.ndarray, y: np.ndarray, names: list[str]) -> Seen:
    """Say what became of a network, from its weights and its answers to ``x``."""
    lost = [w for w in model.get_weights() if not np.isfinite(w).all()]
    if lost:
        return Seen("nan", f"{len(lost)} of {len(model.get_weights())} weight arrays hold NaN afterwards.")
    answers = model.predict(x, verbose=0)
    decided = answers.argmax(1)
    if len(set(decided.tolist())) == 1:
        same = float(np.ptp(answers, axis=0).max())
        how = (
            "with the very same numbers" if same < 1e-4 else f"with numbers that differ by {same:.2g} at most"
        )
        return Seen("dead", f"It calls each of {len(x)} images '{names[decided[0]]}', {how}.")
    found = [(decided[y == c] == c).mean() for c in range(len(names)) if (y == c).any()]
    return Seen("fine", f"It learns: balanced accuracy {np.mean(found):.2f} on {len(x)} images.")
