"""Nothing to tell apart."""

from collections.abc import Iterable

from counterpoise.core.catalog.context import Context
from counterpoise.core.findings import Finding, Severity, make_finding


def single_class(context: Context) -> Iterable[Finding]:
    """DATA has one class only."""
    labels = context.catalog.labels
    if len(labels) == 1:
        yield make_finding("single-class", Severity.BLOCKER, {"class": labels[0]}, words={"label": labels[0]})
