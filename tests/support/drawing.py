"""Drawn images to train and evaluate on."""

from pathlib import Path

import numpy as np
from PIL import Image


def draw(root: Path, count: int, seed: int, labels: tuple[str, ...] = ("normal", "sick")) -> Path:
    """Write noise of a class's brightness, two images of each patient."""
    rng = np.random.default_rng(seed)
    for place, label in enumerate(labels):
        folder = root / label
        folder.mkdir(parents=True, exist_ok=True)
        for number in range(count):
            pixels = np.clip(rng.normal(90 + 35 * place, 50, (40, 40)), 0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(folder / f"p{seed}{place}{number // 2:02}_{number}.png")
    return root
