"""Words of forms made from the settings."""

from typing import Any

UNUSED = "Not used in this way of training."


def value(given: Any) -> str:
    return f"{given:g}" if isinstance(given, float) else str(given)


def suggested(final: Any = None) -> str:
    """Return ``Suggested: Adam``; the first letter as the value has it."""
    return "Suggested" if final in (None, "") else f"Suggested: {value(final)}"


def placeholder(given: Any, final: Any, *, optional: bool) -> str:
    """Say in an empty field what happens when it stays empty."""
    if given == "auto":
        return suggested(final if final != "auto" else None)
    return "none" if optional else ""
