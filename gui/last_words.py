"""What a run's process, or its record, said last."""

import json
from pathlib import Path

from counterpoise.gui.texts import train as texts


def last_event(path: Path | None) -> dict[str, object] | None:
    """Return the last line of ``path`` that is an event; None where there is none."""
    for line in reversed(_lines(path)):
        try:
            parsed = json.loads(line)
        except ValueError:
            continue
        if isinstance(parsed, dict):
            return parsed
    return None


def last_words(path: Path | None) -> str:
    """Return what the process said last: its ``failed`` event, else its last line."""
    last = last_event(path)
    if last and last.get("message"):
        return str(last["message"])
    lines = [line for line in _lines(path) if line.strip()]
    return lines[-1] if lines else texts.OWNER_GONE


def _lines(path: Path | None) -> list[str]:
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines() if path else []
    except OSError:
        return []
