"""A labels file that names what isn't there, or labels that can't be used."""

from collections.abc import Iterable

from counterpoise.core.catalog.context import Context
from counterpoise.core.findings import Finding, Severity, make_finding
from counterpoise.core.findings.words import count, some

MOST_ROWS = 100


def label_unknown(context: Context) -> Iterable[Finding]:
    """Blocks: rows that are passed over would change what is learnt without anyone noticing."""
    table = context.table
    if table is None or not (table.missing or table.problems):
        return
    faults = [(row.line, row.path, "the file isn't there") for row in table.missing] + list(table.problems)
    faults.sort()
    told = [f"line {line}: {f'{path!r}: ' if path else ''}{reason}" for line, path, reason in faults]
    yield make_finding(
        "label-unknown",
        Severity.BLOCKER,
        {
            "missing": len(table.missing),
            "unusable": len(table.problems),
            "rows": [
                {"line": line, "path": path, "reason": reason} for line, path, reason in faults[:MOST_ROWS]
            ],
        },
        words={"number": count(len(faults), "row"), "which": some(told, 2)},
        paths=sorted({path for _, path, _ in faults if path}),
    )
