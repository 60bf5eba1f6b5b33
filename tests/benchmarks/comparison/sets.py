"""Small folders of images: real ones where they are, synthetic ones elsewhere."""

import tempfile
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image

DATA = Path(__file__).parents[3].parent / "shared" / "data"
SIZE = 28
TWO = ("normal", "pneumonia")
THREE = ("Platelets", "RBC", "WBC")
PARTS = {"train": (60, 180), "val": (30, 60), "test": (30, 60)}


@lru_cache
def synthetic() -> Path:
    """Return the demo's images, which every computer can make."""
    from counterpoise.core.catalog.demo import make_demo

    folder = Path(tempfile.mkdtemp(prefix="counterpoise-demo-"))
    make_demo(folder)
    return folder


def chest(part: str, label: str) -> list[Path]:
    """Return the files of one class of chest X-rays (28 pixels, grey), or of synthetic cells."""
    if (real := DATA / "pneumoniamnist" / part / label).is_dir():
        return sorted(real.glob("*.png"))
    files = sorted((synthetic() / ("lymphocyte", "neutrophil")[TWO.index(label)]).glob("*.png"))
    return files[("train", "val", "test").index(part) :: 3] * 6


def cells(label: str) -> list[Path]:
    """Return the files of one class of blood cells."""
    if (real := DATA / "bccd_crops" / label).is_dir():
        return sorted(real.glob("*.*"))
    return sorted(
        (synthetic() / ("eosinophil", "neutrophil", "lymphocyte")[THREE.index(label)]).glob("*.png")
    )


def is_real() -> bool:
    return (DATA / "pneumoniamnist").is_dir() and (DATA / "bccd_crops").is_dir()


def pixels(file: Path, size: int = SIZE) -> np.ndarray:
    """Return an image in grey, uint8 [size, size]; noise for the synthetic file that can't be read."""
    try:
        with Image.open(file) as image:
            return np.asarray(image.convert("L").resize((size, size)))
    except OSError:
        return np.random.default_rng(0).integers(0, 255, (size, size), dtype=np.uint8)


def save(image: np.ndarray, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(image).save(path)


def two_classes(folder: Path, parts: dict[str, tuple[int, int]] | None = None) -> None:
    """Write chest X-rays with the user's own parts: ``folder/train/normal/000.png``."""
    for part, numbers in (parts or PARTS).items():
        for label, number in zip(TWO, numbers, strict=True):
            for i, file in enumerate(chest(part, label)[:number]):
                save(pixels(file), folder / part / label / f"{i:03d}.png")


def three_classes(folder: Path, numbers: tuple[int, int, int] = (36, 120, 48), skip: int = 0) -> None:
    """Write blood cells without parts: ``folder/RBC/000.png``; the first ``skip`` of each are left out."""
    for label, number in zip(THREE, numbers, strict=True):
        for i, file in enumerate(cells(label)[skip : skip + number]):
            save(pixels(file), folder / label / f"{i:03d}.png")
