"""Learning curves as SVG that stands in the page, in the page's own colours."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup, escape

WIDTH, HEIGHT = 560, 240
LEFT, RIGHT, TOP, BOTTOM = 52, 96, 14, 34
DASHES = ("none", "6 4", "2 3")


@dataclass(frozen=True)
class Line:
    """One curve: ``(x, y)`` in order, y None where it couldn't be computed."""

    name: str
    points: Sequence[tuple[float, float | None]]


@dataclass(frozen=True)
class Axis:
    """Maps values onto a stretch of pixels."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


def chart(title: str, lines: Sequence[Line], marks: Sequence[tuple[float, str]] = ()) -> Markup:
    """Draw lines over rounds; ``marks`` are vertical lines with their words. Empty without a point.

    Lines differ in dash as well as in colour, and carry their names at their ends.
    """
    values = [y for line in lines for _, y in line.points if y is not None]
    rounds = [x for line in lines for x, _ in line.points]
    if not values:
        return Markup("")
    ticks = nice_ticks(min(values), max(values))
    x_axis = Axis(min(rounds), max(max(rounds), min(rounds) + 1), LEFT, WIDTH - RIGHT)
    y_axis = Axis(ticks[0], ticks[-1], HEIGHT - BOTTOM, TOP)
    parts = [_grid(ticks, y_axis), _rounds(x_axis), *(_mark(x_axis.at(x), words) for x, words in marks)]
    ends = _spread([_end(line, y_axis) for line in lines])
    for number, line in enumerate(lines):
        parts.append(_curve(line, number, x_axis, y_axis, ends[number]))
    return Markup('<svg viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>').format(
        WIDTH, HEIGHT, title, Markup("").join(parts)
    )


def nice_ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Return round numbers that span ``low`` to ``high``.

    >>> nice_ticks(0.03, 0.71)
    [0.0, 0.2, 0.4, 0.6, 0.8]
    """
    if high - low <= 1e-9 * max(abs(high), abs(low)):  # a level line stands in the middle
        low, high = (low / 2, 1.5 * high) if high > 0 else (low - 1, high + 1)
    span = high - low
    raw = span / (most - 1)
    magnitude = 10.0 ** math.floor(math.log10(raw))
    step = next(s * magnitude for s in (1, 2, 2.5, 5, 10) if s * magnitude >= raw)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [round(number * step, 10) for number in range(first, max(last, first + 1) + 1)]


def _grid(ticks: Sequence[float], axis: Axis) -> Markup:
    row = Markup(
        '<line class="grid" x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}"/>'
        '<text class="tick" x="{}" y="{:.1f}" text-anchor="end">{}</text>'
    )
    return Markup("").join(
        row.format(LEFT, WIDTH - RIGHT, axis.at(t), axis.at(t), LEFT - 8, axis.at(t) + 4, f"{t:.6g}")
        for t in ticks
    )


def _rounds(axis: Axis) -> Markup:
    step = max(1, round((axis.high - axis.low) / 6))
    shown = range(int(axis.low), int(axis.high) + 1, step)
    text = Markup('<text class="tick" x="{:.1f}" y="{}" text-anchor="middle">{}</text>')
    return Markup("").join(text.format(axis.at(x), HEIGHT - BOTTOM + 18, x) for x in shown)


def _mark(x: float, words: str) -> Markup:
    return Markup(
        '<line class="mark" x1="{:.1f}" x2="{:.1f}" y1="{}" y2="{}"><title>{}</title></line>'
    ).format(x, x, TOP, HEIGHT - BOTTOM, words)


def _end(line: Line, axis: Axis) -> float:
    known = [y for _, y in line.points if y is not None]
    return axis.at(known[-1]) if known else axis.start


def _spread(heights: Sequence[float], room: float = 15) -> list[float]:
    """Move labels apart so that none covers another."""
    order = sorted(range(len(heights)), key=lambda i: heights[i])
    placed = list(heights)
    for before, after in pairwise(order):
        placed[after] = max(placed[after], placed[before] + room)
    return placed


def _curve(line: Line, number: int, x_axis: Axis, y_axis: Axis, label_y: float) -> Markup:
    known = [(x_axis.at(x), y_axis.at(y)) for x, y in line.points if y is not None]
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in known)
    return Markup(
        '<polyline class="line{0}" points="{1}" stroke-dasharray="{2}"/>'
        '<text class="name{0}" x="{3:.1f}" y="{4:.1f}">{5}</text>'
    ).format(
        number,
        Markup(points),
        DASHES[number % len(DASHES)],
        WIDTH - RIGHT + 8,
        label_y + 4,
        escape(line.name),
    )
