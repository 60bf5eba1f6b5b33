"""The pictures of the data as SVG and PNG that stand in the page, in the page's own colours."""

import base64
import io
import math
from collections.abc import Sequence

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray
from PIL import Image

from counterpoise.core.catalog.distributions.facts import DataFacts
from counterpoise.core.catalog.distributions.pictures import Pictures
from counterpoise.core.catalog.distributions.signs import sign
from counterpoise.core.catalog.distributions.sizes import Sizes
from counterpoise.core.catalog.distributions.words import TITLES, axis_of
from counterpoise.core.report.curves import Axis, nice_ticks

WIDTH = 960
NAMES, RIGHT = 210, 16
"""Room for the names at the left, and behind the axis."""
DOTS, FOOT = 10, 40
LONGEST_NAME = 24
SMALLEST, LARGEST = 4.0, 15.0
"""Radius of a sign for one image, and for the most."""


def sign_mark(number: int, x: float = 8, y: float = 8, radius: float = 7, title: str = "") -> Markup:
    """Return the sign of a class as a piece of SVG."""
    colour, shape = sign(number)
    corners = " ".join(f"{x + radius * a:.1f},{y + radius * b:.1f}" for a, b in shape)
    told = Markup("<title>{}</title>").format(title) if title else Markup("")
    return Markup('<polygon class="sign" style="--tone:var(--plot{})" points="{}">{}</polygon>').format(
        colour, corners, told
    )


def sign_svg(number: int) -> Markup:
    """Return the sign of a class to stand before its name."""
    return Markup('<svg class="sign-svg" viewBox="0 0 16 16" aria-hidden="true">{}</svg>').format(
        sign_mark(number)
    )


def brightness_svg(pictures: Pictures, facts: DataFacts) -> Markup:
    """Draw one row per class: its curve, the others outlined behind it, and the means of single images."""
    row = 104 if len(pictures.labels) <= 3 else 64
    bottom = row * len(pictures.labels)
    axis = Axis(float(pictures.edges[0]), float(pictures.edges[-1]), NAMES, WIDTH - RIGHT)
    ticks = [tick for tick in nice_ticks(axis.low, axis.high) if axis.low <= tick <= axis.high]
    parts = [_upright(axis.at(tick), 0, bottom, tick) for tick in ticks]
    parts.append(_words((axis.start + axis.end) / 2, bottom + 34, axis_of(pictures)))
    for number, dots in enumerate(facts.dots()):
        parts += _brightness_row(pictures, number, dots, axis, row)
    return _svg(bottom + FOOT, TITLES["brightness"], parts)


def _brightness_row(
    pictures: Pictures, number: int, dots: Sequence[float], axis: Axis, height: int
) -> list[Markup]:
    bottom = height * (number + 1)
    ground, tall, middle = bottom - DOTS - 4, height - DOTS - 14, bottom - height / 2
    centres = [axis.at(x) for x in (pictures.edges[1:] + pictures.edges[:-1]) / 2]

    def placed(curve: Sequence[float]) -> str:
        return _points(centres, [ground - tall * y for y in curve])

    behind = Markup('<polyline class="behind" points="{}"/>')
    parts = [behind.format(placed(curve)) for curve in pictures.behind(number)]
    if pictures.images[number]:
        parts.append(_curve(sign(number)[0], placed(pictures.heights[number]), centres, ground))
    parts += [_dot(number, axis, value, ground + DOTS / 2 + 2) for value in dots]
    line = Markup('<line class="grid" x1="{}" x2="{}" y1="{y}" y2="{y}"/>')
    parts.append(line.format(axis.start, axis.end, y=bottom))
    parts.append(sign_mark(number, 10, middle, 7))
    parts.append(_name(26, middle + 5, pictures.labels[number]))
    return parts


def sizes_svg(sizes: Sizes, labels: Sequence[str]) -> Markup:
    """Draw width and height of the images as signs by class; their area grows with the number of images."""
    height = 420
    wide, high = (nice_ticks(*span) for span in sizes.spans)
    across = Axis(wide[0], wide[-1], 70, WIDTH - 30)
    up = Axis(high[0], high[-1], height - FOOT, 24)
    parts = [_upright(across.at(tick), up.end, up.start, tick) for tick in wide]
    for tick in high:
        level = Markup(
            '<line class="grid" x1="{}" x2="{}" y1="{y:.1f}" y2="{y:.1f}"/>'
            '<text class="tick" x="{}" y="{below:.1f}" text-anchor="end">{}</text>'
        )
        y = up.at(tick)
        parts.append(
            level.format(across.start, across.end, across.start - 8, f"{tick:,.6g}", y=y, below=y + 4)
        )
    parts.append(_words((across.start + across.end) / 2, up.start + 34, "width in pixels"))
    parts.append(Markup('<text class="tick" x="0" y="12">height in pixels</text>'))
    number = {label: n for n, label in enumerate(labels)}
    most = max((point.images for point in sizes.points), default=1)
    for point in sizes.points:
        radius = max(SMALLEST, LARGEST * math.sqrt(point.images / most))
        title = f"{point.label}, {point.width:,} × {point.height:,}: {point.images:,}"
        place = across.at(point.width), up.at(point.height)
        parts.append(sign_mark(number[point.label], *place, radius, title))
    return _svg(height, TITLES["sizes"], parts)


def picture(pixels: NDArray[np.uint8]) -> str:
    """Return a picture as an address that holds it whole (PNG)."""
    packed = io.BytesIO()
    Image.fromarray(pixels).save(packed, "PNG")
    return f"data:image/png;base64,{base64.b64encode(packed.getvalue()).decode()}"


def _svg(height: float, title: str, parts: Sequence[Markup]) -> Markup:
    return Markup('<svg viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>').format(
        WIDTH, height, title, Markup("").join(parts)
    )


def _points(x: Sequence[float], y: Sequence[float]) -> str:
    return " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True))


def _curve(colour: int, points: str, centres: Sequence[float], ground: float) -> Markup:
    ends = f"{centres[-1]:.1f},{ground:.1f} {centres[0]:.1f},{ground:.1f}"
    return Markup(
        '<g style="--tone:var(--plot{0})"><polygon class="area" points="{1} {2}"/>'
        '<polyline class="curve" points="{1}"/></g>'
    ).format(colour, points, ends)


def _dot(number: int, axis: Axis, value: float, y: float) -> Markup:
    x = min(max(axis.at(value), axis.start), axis.end)
    dot = Markup('<circle class="dot" style="--tone:var(--plot{})" cx="{:.1f}" cy="{:.1f}" r="2.4"/>')
    return dot.format(sign(number)[0], x, y)


def _upright(x: float, top: float, bottom: float, tick: float) -> Markup:
    return Markup(
        '<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{}" y2="{}"/>'
        '<text class="tick" x="{x:.1f}" y="{}" text-anchor="middle">{}</text>'
    ).format(top, bottom, bottom + 16, f"{tick:,.6g}", x=x)


def _words(x: float, y: float, words: str) -> Markup:
    return Markup('<text class="tick" x="{:.1f}" y="{:.1f}" text-anchor="middle">{}</text>').format(
        x, y, words
    )


def _name(x: float, y: float, label: str) -> Markup:
    short = label if len(label) <= LONGEST_NAME else f"{label[: LONGEST_NAME - 1]}…"
    return Markup('<text class="class-name" x="{}" y="{}">{}<title>{}</title></text>').format(
        x, y, short, label
    )
