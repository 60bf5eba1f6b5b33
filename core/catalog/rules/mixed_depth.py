"""Different bit depths in one set."""

from collections import Counter
from collections.abc import Iterable

from counterpoise.core.catalog.context import Context
from counterpoise.core.catalog.rules.association import goes_along
from counterpoise.core.findings import Finding, Severity, make_finding
from counterpoise.core.findings.words import count


def mixed_depth(context: Context) -> Iterable[Finding]:
    """Info with how they are brought together; warning where depth goes along with the class."""
    images = context.used
    depths = [image.bits for image in images]
    counts = Counter(depths)
    if len(counts) < 2:
        return
    along = goes_along(depths, [image.label for image in images])
    usual = counts.most_common(1)[0][0]
    yield make_finding(
        "mixed-depth",
        Severity.WARNING if along else Severity.INFO,
        {"bits": {str(bits): number for bits, number in sorted(counts.items())}, "with_class": along},
        variant="warning" if along else None,
        words={
            "which": ", ".join(
                f"{number:,} with {count(bits, 'bit')}" for bits, number in sorted(counts.items())
            ),
            "how": _how({image.units for image in images}),
        },
        paths=sorted({image.path for image in images if image.bits != usual}),
    )


def _how(units: set[str]) -> str:
    if units <= {"uint8", "uint16"} and len(units) == 2:
        return "8-bit values are multiplied by 257, so that both run from 0 to 65,535"
    if len(units) == 1:
        return "their values are in the same units and are taken as they are"
    return "each keeps its own values, on one scale of floating-point numbers"
