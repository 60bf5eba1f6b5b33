"""weight-invalid: a custom weight is missing, for no class, not finite, zero or negative."""

import math
from collections.abc import Iterator

from counterpoise.core.findings import Finding, Fix, Severity, make_finding
from counterpoise.core.findings.words import some
from counterpoise.core.safety.plan import Plan


def weight_invalid(plan: Plan) -> Iterator[Finding]:
    weighting = plan.settings.weighting
    if weighting.method != "custom":
        return
    labels = plan.catalog.labels
    missing = [label for label in labels if label not in weighting.custom]
    unknown = sorted(set(weighting.custom) - set(labels))
    wrong = {
        label: weight
        for label, weight in weighting.custom.items()
        if label in labels and not (math.isfinite(weight) and weight > 0)
    }
    faults = [
        *([f"there is none for {_quoted(missing)}"] if missing else []),
        *([f"{_quoted(unknown)} {'is' if len(unknown) == 1 else 'are'} no class here"] if unknown else []),
        *(f"'{label}' has {weight:g}" for label, weight in wrong.items()),
    ]
    if faults:
        evidence = {
            "missing": missing,
            "unknown": unknown,
            # JSON knows no NaN or infinity.
            "wrong": {label: str(weight) for label, weight in wrong.items()},
        }
        yield make_finding(
            "weight-invalid",
            Severity.BLOCKER,
            evidence,
            words={"faults": "; ".join(faults)},
            fix=Fix("Use the suggested weights", {"weighting.method": "auto"}),
        )


def _quoted(labels: list[str]) -> str:
    return some([f"'{label}'" for label in labels])
