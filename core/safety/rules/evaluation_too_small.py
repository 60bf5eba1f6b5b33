"""evaluation-too-small: the test part is too small for a firm figure."""

import math
from collections.abc import Iterator

from counterpoise.core.catalog.types import groups
from counterpoise.core.figures.intervals import Z
from counterpoise.core.findings import Finding, Severity, make_finding
from counterpoise.core.findings.words import count
from counterpoise.core.safety.plan import Plan

WIDEST = 0.10


def half_width(n: int) -> float:
    """Return half the width of Wilson's 95 % interval at one half, its widest: z / (2 sqrt(n + z²)).

    >>> half_width(93) < 0.1 < half_width(92)
    True
    """
    return Z / (2 * math.sqrt(n + Z * Z))


def evaluation_too_small(plan: Plan) -> Iterator[Finding]:
    test = plan.catalog.part("test")
    if not test:
        return  # split-lacks-class says it
    known = any(image.group for image in test)
    what = "patient" if known else "image"
    n = groups(test)
    if half_width(n) > WIDEST:
        yield make_finding(
            "evaluation-too-small",
            Severity.WARNING,
            {"n": n, "unit": what, "half_width": half_width(n)},
            words={"amount": count(n, what), "points": f"{100 * half_width(n):.0f}"},
        )
        return
    by_class = {
        label: groups([image for image in test if image.label == label]) for label in plan.catalog.labels
    }
    small = {label: number for label, number in by_class.items() if number and half_width(number) > WIDEST}
    if small:
        rarest = min(small, key=lambda label: small[label])
        yield make_finding(
            "evaluation-too-small",
            Severity.INFO,
            {"classes": small, "unit": what, "half_width": half_width(small[rarest])},
            variant="class",
            words={
                "label": rarest,
                "amount": count(small[rarest], what),
                "points": f"{100 * half_width(small[rarest]):.0f}",
                "others": f" The same holds for {count(len(small) - 1, 'other class', 'other classes')}."
                if len(small) > 1
                else "",
            },
        )
