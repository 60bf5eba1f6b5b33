"""What is said of copies in sets whose images are all alike, and none a copy of another.

    python tests/benchmarks/uniform_sets.py [NAME ...] [--number 200]

Every set is drawn anew, divided at random into the user's own parts, and scanned. Prints which findings about
copies come. Images of the very same pixels are left out, so that ``duplicate-across-splits`` is never true
here, and a blocker is a fault. Neighbouring slices and pages of one form may be told of as near-duplicates.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw
from scipy.ndimage import gaussian_filter

from counterpoise.core.catalog.scan import scan
from counterpoise.core.catalog.sources import open_sources
from counterpoise.core.settings import DataSettings

Random = np.random.Generator
Draw = Callable[[Random, int], Image.Image]
SIDE = 96
Y, X = (np.mgrid[:SIDE, :SIDE] - SIDE / 2) / (SIDE / 2)


def grey(values: np.ndarray) -> Image.Image:
    return Image.fromarray(values.clip(0, 255).astype(np.uint8))


def discs(rng: Random, _: int, noise: float = 0, spread: float = 0.06) -> Image.Image:
    down, across, size = rng.normal(0, spread, 3)
    edge = np.clip((0.6 + size - np.hypot(X - across, Y - down)) * 40 + 0.5, 0, 1)
    return grey(60 + 120 * edge + rng.normal(0, 1, X.shape) * noise)


def empty_slides(rng: Random, _: int) -> Image.Image:
    return grey(200 + 15 * rng.normal(1, 0.05) * (1 - X**2 - Y**2) + rng.normal(0, 1.5, X.shape))


def almost_constant(rng: Random, number: int) -> Image.Image:
    values = np.full(X.shape, (0, 255)[number % 2])
    for _ in range(3):
        values[tuple(rng.integers(SIDE, size=2))] = 128
    return grey(values)


def black_with_an_edge(rng: Random, _: int) -> Image.Image:
    depth = 14 + rng.normal(0, 0.3, SIDE).cumsum() / 8
    return grey(np.clip((depth - np.arange(SIDE)[:, None]) * 40, 0, 180))


def checkerboards(rng: Random, _: int) -> Image.Image:
    """The same board with two marks."""
    rows, columns = np.mgrid[:SIDE, :SIDE]
    values = (columns // 8 + rows // 8) % 2 * 200 + 20
    for _ in range(2):
        top, left = rng.integers(0, 12, 2) * 8
        values[top + 2 : top + 6, left + 2 : left + 6] = 128
    return grey(values)


def forms(rng: Random, _: int) -> Image.Image:
    image = Image.new("L", (240, 160), 255)
    pen = ImageDraw.Draw(image)
    pen.text((10, 8), "RADIOLOGY REPORT", fill=0)
    for row, name in enumerate(("Name", "Date", "Findings", "Impression", "Signed")):
        pen.text((10, 30 + row * 22), f"{name}: {''.join(rng.choice(list('abcdefghij '), 12))}", fill=0)
    return image


def plates(rng: Random, _: int) -> Image.Image:
    """96 wells of which three are dark."""
    image, dark = Image.new("L", (192, 128), 230), set(rng.choice(96, 3, replace=False))
    pen = ImageDraw.Draw(image)
    for well in range(96):
        left, top = well % 12 * 16, well // 12 * 16
        pen.ellipse((left + 2, top + 2, left + 13, top + 13), fill=90 if well in dark else 200, outline=40)
    return image


def traces(rng: Random, _: int) -> Image.Image:
    """Electrocardiograms on paper."""
    image = Image.new("L", (256, 128), 255)
    pen = ImageDraw.Draw(image)
    for at in range(0, 256, 8):
        pen.line((at, 0, at, 128), fill=220)
        pen.line((0, at, 256, at), fill=220)
    beat = (np.arange(256) + rng.uniform(0, 40)) / rng.uniform(35, 60) % 1
    height = 64 - 40 * np.exp(-(((beat - 0.5) / 0.03) ** 2)) + rng.normal(0, 0.7, 256)
    pen.line([(at, float(y)) for at, y in enumerate(height)], fill=0)
    return image


def slices(rng: Random, number: int) -> Image.Image:
    """Slices of eight volumes that follow each other, with noise of their own."""
    volume, place = number % 8, number // 8
    layers = np.random.default_rng(volume).normal(size=(12 + place, SIDE, SIDE))[place:]
    shown = gaussian_filter(layers, (4, 3, 3))[6]
    inside = (X / 0.76) ** 2 + (Y / 0.9) ** 2 < 1
    return grey(np.where(inside, 110 + 35 * shown / shown.std(), 8) + rng.normal(0, 2, X.shape))


def phantoms(rng: Random, _: int, noise: float = 0) -> Image.Image:
    values = np.full(X.shape, 10.0)
    for level, wide, high, across, down in (
        (150, 0.69, 0.92, 0, 0),
        (-80, 0.66, 0.87, 0, -0.02),
        (30, 0.11, 0.31, 0.22, 0),
        (30, 0.16, 0.41, -0.22, 0),
        (40, 0.21, 0.25, 0, 0.35),
    ):
        a, b, c, d = rng.normal(1, 0.04, 4)
        values[((X - across * a) / (wide * b)) ** 2 + ((Y - down * c) / (high * d)) ** 2 < 1] += level
    return grey(values + rng.normal(0, 1, X.shape) * noise)


SETS: dict[str, Draw] = {
    "discs": discs,
    "discs, noisy": lambda rng, number: discs(rng, number, noise=3),
    "discs of one size": lambda rng, number: discs(rng, number, noise=3, spread=0.01),
    "empty slides": empty_slides,
    "almost constant": almost_constant,
    "black with an edge": black_with_an_edge,
    "checkerboards": checkerboards,
    "forms": forms,
    "plates": plates,
    "traces": traces,
    "slices": slices,
    "phantoms": phantoms,
    "phantoms, noisy": lambda rng, number: phantoms(rng, number, noise=4),
}


def found(draw: Draw, number: int) -> list[str]:
    """Return the findings about copies in such a set, with their pairs."""
    rng = np.random.default_rng(0)
    with tempfile.TemporaryDirectory() as name:
        os.environ["COUNTERPOISE_HOME"] = str(Path(name) / "home")
        seen: set[bytes] = set()
        for index in range(number):
            image = draw(rng, index)
            if image.tobytes() in seen:
                continue
            seen.add(image.tobytes())
            part = rng.choice(["train", "val", "test"], p=[0.6, 0.2, 0.2])
            file = Path(name) / "data" / part / "ab"[index % 2] / f"{index:04}.png"
            file.parent.mkdir(parents=True, exist_ok=True)
            image.save(file)
        catalog = scan(open_sources(Path(name) / "data"), DataSettings())
    return [
        f"{finding.code} ({finding.severity}): {finding.evidence.get('n_pairs')} pairs"
        for finding in catalog.findings
        if "duplicate" in finding.code
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("names", nargs="*", default=list(SETS))
    parser.add_argument("--number", type=int, default=200)
    arguments = parser.parse_args()
    bad = 0
    for name in arguments.names:
        told = found(SETS[name], arguments.number)
        bad += any("blocker" in each for each in told)
        print(f"{name:22} {'; '.join(told) or 'nothing'}", flush=True)
    print(f"{bad} of {len(arguments.names)} sets with an untrue blocker")
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
