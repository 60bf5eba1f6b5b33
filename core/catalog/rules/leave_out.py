"""The fix that several rules share: leave images out."""

from collections.abc import Iterable

from counterpoise.core.catalog.context import Context
from counterpoise.core.findings import Fix


def leave_out(context: Context, paths: Iterable[str], label: str) -> Fix:
    """Return the fix that adds ``paths`` to what the user has left out already."""
    already = context.settings.exclude
    return Fix(label, {"data.exclude": [*already, *sorted(set(paths) - set(already))]})
