"""What a job says while it runs: plain dictionaries that fit into a line of JSON."""

import json
import math
import time
from collections.abc import Mapping, Sequence
from typing import Any

Event = dict[str, Any]
LAST = ("finished", "failed")
"""The kinds that end a job."""


def event(kind: str, **fields: Any) -> Event:
    """Return an event with its time (seconds since the epoch).

    >>> sorted(event("epoch", loss=float("nan")))
    ['event', 'loss', 'time']
    """
    return {"event": kind, "time": time.time(), **fields}


def json_safe(value: Any) -> Any:
    """Return ``value`` as plain JSON: NaN and infinity become None, numpy values become Python's."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): json_safe(entry) for key, entry in value.items()}
    if isinstance(value, Sequence | set | frozenset):
        return [json_safe(entry) for entry in value]
    if hasattr(value, "tolist"):  # numpy scalars and arrays
        return json_safe(value.tolist())
    return str(value)


def to_line(what: Event) -> str:
    """Return the event as one line of strict JSON, with its newline."""
    return json.dumps(json_safe(what), ensure_ascii=False, allow_nan=False) + "\n"


def from_line(line: str | bytes) -> Event | None:
    """Return the event in a line; None where the line holds none (cut off by a death, edited by hand)."""
    try:
        parsed = json.loads(line)
    except (ValueError, RecursionError):  # the latter: thousands of brackets
        return None
    return parsed if isinstance(parsed, dict) and isinstance(parsed.get("event"), str) else None
