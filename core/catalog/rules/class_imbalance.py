"""Classes of very different size."""

from collections.abc import Iterable

from counterpoise.core.catalog.context import Context
from counterpoise.core.findings import Finding, Severity, make_finding

NOTABLE = 3
STRONG = 20


def class_imbalance(context: Context) -> Iterable[Finding]:
    """Largest class over smallest, empty ones left out."""
    counts: dict[str, int] = {}
    for image in context.used:
        counts[image.label] = counts.get(image.label, 0) + 1
    if len(counts) < 2:
        return
    largest = max(counts, key=lambda label: (counts[label], label))
    smallest = min(counts, key=lambda label: (counts[label], label))
    ratio = counts[largest] / counts[smallest]
    if ratio < NOTABLE:
        return
    yield make_finding(
        "class-imbalance",
        Severity.WARNING if ratio >= STRONG else Severity.INFO,
        {
            "ratio": round(ratio, 2),
            "largest": largest,
            "smallest": smallest,
            "counts": dict(sorted(counts.items())),
        },
        variant="warning" if ratio >= STRONG else None,
        words={
            "times": f"{ratio:.1f}" if ratio < 10 else f"{ratio:,.0f}",
            "n_largest": f"{counts[largest]:,}",
            "n_smallest": f"{counts[smallest]:,}",
        },
    )
