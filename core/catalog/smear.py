"""Paints white blood cells of a stained smear: synthetic images for the demo, nobody's blood.

Stains absorb light as Beer and Lambert say: each layer adds optical density per colour, so that cells that
lie over each other darken as they do under a microscope.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

SIDE = 96
"""Height and width of an image; a red cell (7 µm) is some 27 of these wide."""
Field = NDArray[np.float64]
Random = np.random.Generator

HAEMOGLOBIN = np.array([0.06, 0.36, 0.33])
NUCLEAR = np.array([0.62, 0.92, 0.30])
BASOPHIL = np.array([0.42, 0.30, 0.08])
PINK = np.array([0.10, 0.24, 0.10])
ORANGE = np.array([0.07, 0.52, 0.56])
"""Optical density per unit of dye in red, green and blue; matched by eye to a Giemsa stain."""

_ROWS, _COLUMNS = np.mgrid[0:SIDE, 0:SIDE].astype(np.float64)


@dataclass(frozen=True)
class Slide:
    """What one patient's slide does to all its images."""

    light: Field
    """Colour of the empty field, [3], 0 to 1."""
    dye: Field
    """Strength of the nuclear and of the plasma dyes, [2]."""
    crowding: float
    """Mean number of red cells in an image."""
    red_cell: float
    """Radius of red cells in pixels."""


def make_slide(random: Random) -> Slide:
    """Draw a slide: lamp, staining and density differ from patient to patient."""
    return Slide(
        light=np.array([0.965, 0.945, 0.93]) * (1 + random.normal(0, 0.018, 3)),
        dye=random.normal(1, 0.13, 2).clip(0.65, 1.35),
        crowding=random.uniform(3.5, 9),
        red_cell=random.normal(13.6, 0.9),
    )


def paint(kind: str, slide: Slide, random: Random) -> Field:
    """Return one image [SIDE, SIDE, 3], 0 to 1, with a cell of ``kind`` near its middle.

    ``kind`` is ``neutrophil``, ``lymphocyte`` or ``eosinophil``.
    """
    middle = SIDE / 2 + random.normal(0, 3.0, 2)
    radius = random.normal({"lymphocyte": 19.5, "neutrophil": 24.5, "eosinophil": 25.0}[kind], 2.0)
    red, platelets = np.zeros((2, SIDE, SIDE))
    for center in _places(slide, middle, radius, random):
        red += _red_cell(center, slide, random)
    for _ in range(random.poisson(0.7)):
        platelets += _platelet(random)
    density = (
        red[..., None] * HAEMOGLOBIN * slide.dye[1] + platelets[..., None] * NUCLEAR * 0.55 * slide.dye[0]
    )
    cell = _blob(middle, radius, random, wobble=0.045, edge=1.0)
    painter = {"neutrophil": _neutrophil, "lymphocyte": _lymphocyte, "eosinophil": _eosinophil}[kind]
    # The cell lies on the field and hides most of what is below it.
    density *= 1 - 0.85 * cell[..., None]
    density += painter(cell, middle, radius, slide, random)
    return _photograph(density, slide, random)


def _neutrophil(cell: Field, middle: Field, radius: float, slide: Slide, random: Random) -> Field:
    """Three to five lobes on a thread (sometimes one curved band), pale cytoplasm with fine granules."""
    band = random.random() < 0.12
    lobes = int(random.choice([2, 3, 4, 5], p=[0.1, 0.4, 0.36, 0.14]))
    nucleus = _lobes(middle, radius, 7 if band else lobes, 0.27 if band else 0.335, random)
    granules = _speckle(random, 0.8, 0.25) * random.uniform(0.25, 0.75)
    toxic = _speckle(random, 1.1, 0.45) * (random.uniform(0.2, 0.5) if random.random() < 0.1 else 0.0)
    plasma = (0.55 + granules)[..., None] * PINK + toxic[..., None] * ORANGE * 0.7 + 0.06 * BASOPHIL
    return _cell(cell, nucleus, plasma, slide, random)


def _eosinophil(cell: Field, middle: Field, radius: float, slide: Slide, random: Random) -> Field:
    """Two large lobes (now and then three) in a cytoplasm full of coarse orange granules."""
    lobes = int(random.choice([1, 2, 3], p=[0.08, 0.64, 0.28]))
    nucleus = _lobes(middle, radius, lobes, 0.40, random)
    strength = random.uniform(0.28, 0.7)
    granules = strength * (0.55 + 0.45 * _speckle(random, 1.2, 0.55))
    plasma = granules[..., None] * ORANGE + random.uniform(0.25, 0.6) * PINK
    return _cell(cell, nucleus, plasma, slide, random)


def _lymphocyte(cell: Field, middle: Field, radius: float, slide: Slide, random: Random) -> Field:
    """One round nucleus that nearly fills a small cell, a rim of blue; reactive ones have more of it."""
    share = random.uniform(0.62, 0.74) if random.random() < 0.2 else random.uniform(0.76, 0.9)
    shift = random.normal(0, 0.06 * radius, 2)
    nucleus = _blob(middle + shift, radius * share, random, wobble=0.05, edge=1.0)
    if random.random() < 0.3:
        notch = _direction(random) * radius * share * 1.05
        nucleus *= 1 - 0.9 * _blob(middle + shift + notch, radius * 0.3, random, wobble=0.05, edge=1.5)
    plasma = (0.75 + 0.2 * _speckle(random, 1.5, 0.3))[..., None] * BASOPHIL + 0.1 * PINK
    return _cell(cell, nucleus, plasma, slide, random)


def _cell(cell: Field, nucleus: Field, plasma: Field, slide: Slide, random: Random) -> Field:
    """Put a nucleus with its chromatin into a cytoplasm [SIDE, SIDE, 3]."""
    nucleus = nucleus * cell
    chromatin = 1 + 0.20 * _noise(random, 1.3) + 0.10 * _noise(random, 3.0)
    rim = cell * (1 - cell) * 0.7
    outside = (cell * (1 - nucleus))[..., None] * plasma + rim[..., None] * PINK
    inside = (nucleus * chromatin)[..., None] * NUCLEAR
    painted: Field = outside * slide.dye[1] + inside * slide.dye[0] * random.normal(1.0, 0.07)
    return painted


def _lobes(middle: Field, radius: float, count: int, size: float, random: Random) -> Field:
    """Lobes strung along an arc, joined by thin strands."""
    turn, sweep = random.uniform(0, 2 * np.pi), random.uniform(0.55, 0.85) * np.pi * min(1.9, 0.62 * count)
    arc = radius * (0.36 if count == 2 else 0.44) * random.normal(1, 0.08)
    angles = turn + np.linspace(-sweep / 2, sweep / 2, count) + random.normal(0, 0.12, count)
    centers = middle + arc * np.stack([np.sin(angles), np.cos(angles)], axis=1)
    centers += random.normal(0, 0.05 * radius, centers.shape)
    parts = [_blob(center, radius * size * random.normal(1, 0.12), random, 0.09, 1.0) for center in centers]
    strands = [_strand(start, end, 0.075 * radius) for start, end in pairwise(centers)]
    return np.asarray(np.max(parts + strands, axis=0))


def _blob(center: Field, radius: float, random: Random, wobble: float, edge: float) -> Field:
    """A disc with an uneven outline; ``wobble`` is a share of the radius, ``edge`` in pixels."""
    field = np.zeros((SIDE, SIDE))
    box = _box(center, 1.25 * radius + 4 * edge)
    rows, columns = _ROWS[box] - center[0], _COLUMNS[box] - center[1]
    angle = np.arctan2(rows, columns)
    outline = np.full_like(angle, radius)
    for order in (2, 3, 4, 5):
        outline += (
            radius * wobble / order * 2 * random.normal() * np.cos(order * angle + random.uniform(0, 6.3))
        )
    field[box] = _soft((outline - np.hypot(rows, columns)) / edge)
    return field


def _box(center: Field, reach: float) -> tuple[slice, slice]:
    """Rows and columns within ``reach`` of a point: only these are painted."""
    low, high = np.floor(center - reach).clip(0, SIDE), np.ceil(center + reach + 1).clip(0, SIDE)
    return slice(int(low[0]), int(high[0])), slice(int(low[1]), int(high[1]))


def _strand(start: Field, end: Field, width: float) -> Field:
    """A thin bridge between two points."""
    along = end - start
    length = max(float(along @ along), 1e-9)
    share = (((_ROWS - start[0]) * along[0] + (_COLUMNS - start[1]) * along[1]) / length).clip(0, 1)
    distance = np.hypot(_ROWS - start[0] - share * along[0], _COLUMNS - start[1] - share * along[1])
    return _soft((width - distance) / 0.8)


def _red_cell(center: Field, slide: Slide, random: Random) -> Field:
    """A biconcave disc: thick at its rim, pale in the middle."""
    radius = slide.red_cell * random.normal(1, 0.06)
    field = _blob(center, radius, random, wobble=0.05, edge=0.9)
    box = _box(center, 1.3 * radius + 4)
    distance = np.hypot(_ROWS[box] - center[0], _COLUMNS[box] - center[1]) / radius
    pallor = random.uniform(0.35, 0.7) * np.exp(-((distance / random.uniform(0.42, 0.56)) ** 2))
    rim = 0.12 * np.exp(-(((distance - 0.82) / 0.15) ** 2))
    field[box] *= (1 - pallor + rim) * random.normal(1.0, 0.06)
    return field


def _platelet(random: Random) -> Field:
    center = random.uniform(0, SIDE, 2)
    return _blob(center, random.uniform(2.2, 4.0), random, wobble=0.16, edge=1.0) * (
        0.7 + 0.3 * _noise(random, 0.8)
    )


def _places(slide: Slide, middle: Field, radius: float, random: Random) -> list[Field]:
    """Centres of red cells, rarely over each other and seldom under the white cell."""
    places: list[Field] = []
    for _ in range(8 * random.poisson(slide.crowding)):
        place = random.uniform(-slide.red_cell, SIDE + slide.red_cell, 2)
        if np.hypot(*(place - middle)) < radius + 0.86 * slide.red_cell:
            continue
        if all(np.hypot(*(place - other)) > 1.75 * slide.red_cell for other in places):
            places.append(place)
    return places


def _photograph(density: Field, slide: Slide, random: Random) -> Field:
    """Lamp, focus and sensor."""
    density = gaussian_filter(density, (*[random.uniform(0.45, 1.15)] * 2, 0))
    slope = _direction(random) * random.uniform(0, 0.035)
    lamp = 1 + (slope[0] * (_ROWS / SIDE - 0.5) + slope[1] * (_COLUMNS / SIDE - 0.5))
    lamp = lamp * (1 + 0.006 * _noise(random, 9.0))
    image = slide.light * lamp[..., None] * np.exp(-2.1 * density)
    exposed: Field = (image + random.normal(0, 0.009, image.shape)).clip(0, 1)
    return exposed


def _direction(random: Random) -> Field:
    angle = random.uniform(0, 2 * np.pi)
    return np.array([np.sin(angle), np.cos(angle)])


def _noise(random: Random, grain: float) -> Field:
    """Smooth noise of mean 0 and standard deviation 1; ``grain`` is its size in pixels."""
    field = gaussian_filter(random.standard_normal((SIDE, SIDE)), grain, mode="wrap")
    return np.asarray((field - field.mean()) / field.std())


def _speckle(random: Random, grain: float, share: float) -> Field:
    """Grains, 0 to 1, that cover about ``share`` of the field."""
    return _soft(4 * (_noise(random, grain) + (share - 0.5) * 2.5))


def _soft(x: Field) -> Field:
    return np.asarray(1 / (1 + np.exp(-2.5 * x.clip(-12, 12))))
