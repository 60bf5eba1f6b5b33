"""Two classes of small generated images that differ in brightness: just enough to see training work."""

from pathlib import Path

import numpy as np
from PIL import Image

PER_CLASS = 20
SIDE = 32


def make_tiny_images(folder: Path, seed: int = 0) -> None:
    """Write ``folder/bright`` and ``folder/dark`` with 20 grey PNG files each."""
    rng = np.random.default_rng(seed)
    for label, brightness in (("bright", 160), ("dark", 90)):
        (folder / label).mkdir(parents=True)
        for number in range(PER_CLASS):
            pixels = np.clip(rng.normal(brightness, 30, (SIDE, SIDE)), 0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(folder / label / f"{number:02}.png")
