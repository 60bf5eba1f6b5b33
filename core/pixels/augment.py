"""Small seeded variations of training images; never part of a graph that leaves the study."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Image_ = NDArray[Any]


@dataclass(frozen=True)
class Preset:
    """How far an image may be varied."""

    flip_sideways: bool = False
    flip_upside_down: bool = False
    quarter_turns: bool = False
    shift: float = 0.0
    """Largest shift, as a share of the side."""
    rotation: float = 0.0
    """Largest angle, degrees."""
    zoom: float = 0.0
    """Largest change of scale, as a share."""
    brightness: float = 0.0
    """Largest shift of values, in standard deviations of the image."""
    contrast: float = 0.0
    """Largest change of contrast, as a share."""
    colour: float = 0.0
    """Largest change of one colour channel, as a share; stains and cameras differ in it."""

    @property
    def flips(self) -> bool:
        return self.flip_sideways or self.flip_upside_down or self.quarter_turns


PRESETS: dict[str, Preset] = {
    "none": Preset(),
    "light": Preset(shift=0.05, brightness=0.1, contrast=0.1),
    # Sides matter (heart, liver, the L marker), so it never flips; patients lie slightly turned.
    "radiograph": Preset(shift=0.05, rotation=7, zoom=0.08, brightness=0.2, contrast=0.2),
    # A smear has no up: every orientation is as likely as another.
    "microscopy": Preset(
        flip_sideways=True,
        flip_upside_down=True,
        quarter_turns=True,
        shift=0.05,
        rotation=20,
        zoom=0.1,
        brightness=0.15,
        contrast=0.15,
        colour=0.05,
    ),
    "photo": Preset(
        flip_sideways=True, shift=0.08, rotation=15, zoom=0.15, brightness=0.25, contrast=0.2, colour=0.03
    ),
}


def augment(image: Image_, preset: str, rng_key: tuple[int, int, int]) -> Image_:
    """Return a variation of ``image`` [h, w, c] in the same dtype; values stay within those of the dtype.

    ``rng_key`` is (seed, epoch, index): the same key gives the same variation, in any process and order,
    so that a resumed run sees what the unbroken one would have seen.
    """
    how = PRESETS[preset]
    if how == PRESETS["none"]:
        return image
    rng = np.random.Generator(np.random.SFC64(np.random.SeedSequence(rng_key)))
    draws = rng.uniform(-1, 1, 8)
    toss = rng.integers(0, 2, 3)
    image = _turned(image, how, toss)
    if how.shift or how.rotation or how.zoom:
        image = _moved(image, how, draws)
    return _toned(image, how, draws[4:], rng) if how.brightness or how.contrast or how.colour else image


def _turned(image: Image_, how: Preset, toss: NDArray[np.int64]) -> Image_:
    """Mirror and turn by a quarter, without resampling (a turn only where the image is square)."""
    if how.flip_sideways and toss[0]:
        image = image[:, ::-1]
    if how.flip_upside_down and toss[1]:
        image = image[::-1]
    if how.quarter_turns and toss[2] and image.shape[0] == image.shape[1]:
        image = image.transpose(1, 0, 2)
    return image


def _moved(image: Image_, how: Preset, draws: NDArray[np.float64]) -> Image_:
    """Shift, rotate and zoom in one bilinear resampling about the centre.

    What comes in from outside has the mean value of the border, so that no edge is drawn.
    """
    height, width, channels = image.shape
    angle = math.radians(how.rotation * draws[0])
    zoom = 1 / (1 + how.zoom * draws[1])
    cos, sin = math.cos(angle) * zoom, math.sin(angle) * zoom
    x, y = (width - 1) / 2, (height - 1) / 2
    # Pillow asks where in the source a pixel (centre at +.5) of the result comes from.
    c = x - cos * x + sin * y + how.shift * draws[2] * width + 0.5 - 0.5 * (cos - sin)
    f = y - sin * x - cos * y + how.shift * draws[3] * height + 0.5 - 0.5 * (sin + cos)
    matrix = (cos, -sin, c, sin, cos, f)
    border = _border_mean(image)

    def resample(plane: Image_, fill: Any) -> Image_:
        moved = Image.fromarray(np.ascontiguousarray(plane)).transform(
            (width, height), Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR, fillcolor=fill
        )
        return np.asarray(moved)

    if image.dtype == np.uint8:
        if channels == 1:
            return resample(image[:, :, 0], int(border[0]))[:, :, np.newaxis]
        return resample(image, tuple(int(value) for value in border))
    planes = [resample(image[:, :, i].astype(np.float32), float(border[i])) for i in range(channels)]
    moved = np.stack(planes, axis=2)
    return np.rint(moved).astype(image.dtype) if image.dtype.kind == "u" else moved


def _border_mean(image: Image_) -> NDArray[np.float64]:
    edges = (image[0], image[-1], image[:, 0], image[:, -1])
    return np.asarray(np.concatenate(edges).mean(axis=0, dtype=np.float64))


def _toned(image: Image_, how: Preset, draws: NDArray[np.float64], rng: np.random.Generator) -> Image_:
    """Change brightness, contrast and colour about the image's own mean.

    Steps are measured in the image's own spread: that means the same in 8 bits, 16 bits and Hounsfield units.
    """
    channels = image.shape[2]
    sample = image[::4, ::4].astype(np.float64)
    mean, spread = sample.mean(), sample.std()
    gain = (1 + how.contrast * draws[0]) * (1 + how.colour * rng.uniform(-1, 1, channels))
    shift = mean + how.brightness * draws[1] * spread - mean * gain
    if image.dtype == np.uint8:
        levels = np.arange(256)[:, np.newaxis] * gain + shift
        table = np.clip(np.rint(levels), 0, 255).astype(np.uint8)
        if channels == 1:
            return np.asarray(table[:, 0][image])
        return np.stack([table[:, c][image[:, :, c]] for c in range(channels)], axis=2)
    toned = image * gain.astype(np.float32) + shift.astype(np.float32)
    if image.dtype.kind == "u":
        return np.asarray(np.clip(np.rint(toned), 0, np.iinfo(image.dtype).max), image.dtype)
    return np.asarray(toned, image.dtype)
