"""A dry run's figures as text for a terminal."""

from collections.abc import Mapping
from typing import Any

from counterpoise.core.findings.words import count, duration, size


def dry_run_text(told: Mapping[str, Any]) -> str:
    """Return what was measured and predicted, one figure a line."""
    rows: list[tuple[str, str]] = [("Trial steps", _steps(told))]
    if told["predicted_seconds"] is not None:
        low, high = (duration(told[f"predicted_seconds_{end}"]) for end in ("low", "high"))
        rows.append(("The training", f"likely {duration(told['predicted_seconds'])} ({low} to {high})"))
        rows.append(("Its memory", f"about {size(told['predicted_memory_bytes'])}"))
    tried = told["rate_range"]
    rows.append(("Learning rate", _range(tried) if tried else told["why_no_range"] or ""))
    return "\n".join(f"{name}: {words}" for name, words in rows)


def _steps(told: Mapping[str, Any]) -> str:
    text = f"{count(told['steps'], 'step')} in {duration(told['seconds'])}"
    losses = [loss for loss in told["losses"] if loss is not None]
    return f"{text}, error from {losses[0]:.3g} to {losses[-1]:.3g}" if losses else text


def _range(tried: Mapping[str, Any]) -> str:
    high = f"{tried['safe_high']:.2g}"
    safe = f"safe from {tried['safe_low']:.2g} to {high}" if tried["safe_low"] else f"safe up to {high}"
    broke = f", too high from {tried['too_high']:.2g}" if tried["too_high"] else ""
    return f"{safe}, {tried['suggested']:g} suggested{broke}"
