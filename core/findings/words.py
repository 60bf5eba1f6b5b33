"""Figures put into plain words, the same everywhere."""

from collections.abc import Mapping, Sequence
from typing import Any


def count(number: int, one: str, many: str | None = None) -> str:
    """Return ``1 image``, ``1,214 images``.

    >>> count(1214, "image")
    '1,214 images'
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def some(names: Sequence[str], most: int = 3) -> str:
    """Name the first few and count the rest.

    >>> some(["a", "b", "c", "d", "e"])
    'a, b, c and 2 more'
    """
    if len(names) <= most:
        return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)
    return f"{', '.join(names[:most])} and {len(names) - most:,} more"


def some_pairs(pairs: Sequence[tuple[str, str]], most: int = 2) -> str:
    """Name the first few pairs and count the rest; a semicolon keeps the pairs apart.

    >>> some_pairs([("a", "b"), ("c", "d"), ("e", "f")])
    "'a' and 'b'; 'c' and 'd'; and 1 more"
    """
    told = [f"'{first}' and '{second}'" for first, second in pairs[:most]]
    return "; ".join([*told, *([f"and {len(pairs) - most:,} more"] if len(pairs) > most else [])])


def percent(share: float, digits: int = 0) -> str:
    """Return a share (0 to 1) as ``12 %``; what isn't all is never rounded up to all.

    >>> percent(0.996), percent(1.0)
    ('99 %', '100 %')
    """
    most = 100 - 10.0**-digits
    return f"{min(100 * share, most) if share < 1 else 100 * share:.{digits}f} %"


def figure(metric: Mapping[str, Any] | None, digits: int = 3, nothing: str = "–") -> str:
    """Return a metric with its interval; ``nothing`` where it can't be computed.

    >>> figure({"value": 0.938, "low": 0.921, "high": 0.953})
    '0.938 (0.921 to 0.953)'
    """
    if not metric or metric.get("value") is None:
        return nothing
    text = f"{metric['value']:.{digits}f}"
    if metric.get("low") is None or metric.get("high") is None:
        return text
    return f"{text} ({metric['low']:.{digits}f} to {metric['high']:.{digits}f})"


def size(number_of_bytes: float) -> str:
    """Return bytes as ``2.1 GB`` (decimal units)."""
    for unit in ("bytes", "kB", "MB", "GB", "TB"):
        if abs(number_of_bytes) < 1000 or unit == "TB":
            break
        number_of_bytes /= 1000
    return f"{number_of_bytes:.0f} {unit}" if unit == "bytes" else f"{number_of_bytes:.1f} {unit}"


def duration(seconds: float) -> str:
    """Return ``8 s``, ``3 min``, ``2 h 10 min``."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"
