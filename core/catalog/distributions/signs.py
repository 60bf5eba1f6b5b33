"""The sign of each class in the pictures of the data: a colour and a shape, so that neither stands alone."""

import math

Polygon = tuple[tuple[float, float], ...]

COLOURS = 8
"""Of the palettes of window and report; with the shapes, 56 signs before one comes again."""


def _around(corners: int, first: float, inner: float = 1.0) -> Polygon:
    """Return corners on a circle, every second one at ``inner``; ``first`` in degrees, upwards is -90."""
    angles = (math.radians(first + 360 * n / corners) for n in range(corners))
    radii = (inner if n % 2 else 1.0 for n in range(corners))
    return tuple((r * math.cos(a), r * math.sin(a)) for a, r in zip(angles, radii, strict=True))


def _plus(arm: float) -> Polygon:
    """Return a cross of two bars of the width ``2 * arm``."""
    quarters = ((1, 0), (0, 1), (-1, 0), (0, -1))  # cosine and sine of each turn
    corner = ((arm, -1.0), (arm, -arm), (1.0, -arm))
    return tuple((x * c - y * s, x * s + y * c) for c, s in quarters for x, y in corner)


SHAPES: tuple[Polygon, ...] = (
    _around(24, 0),
    _around(4, 45),
    _around(3, -90),
    _around(4, -90, 1.0),
    _plus(0.36),
    _around(3, 90),
    _around(10, -90, 0.45),
)
"""Circle, square, triangle, diamond, cross, the triangle downwards, star: corners within -1 to 1."""


def sign(number: int) -> tuple[int, Polygon]:
    """Return the number of the colour (from 0) and the shape of a class.

    >>> sign(0)[0], sign(9)[0]
    (0, 1)
    """
    return number % COLOURS, SHAPES[number % len(SHAPES)]
