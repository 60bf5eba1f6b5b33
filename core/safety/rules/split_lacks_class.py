"""split-lacks-class: a class has no image in the training, validation or test part."""

from collections.abc import Iterator

from counterpoise.core.catalog.types import PART_NAMES, PARTS
from counterpoise.core.findings import Finding, Severity, make_finding
from counterpoise.core.findings.words import some
from counterpoise.core.safety.plan import Plan


def lacking(plan: Plan) -> dict[str, list[str]]:
    """Return the classes without an image, by part; a class without any image is ``empty-class``."""
    whole = plan.catalog.counts()
    return {
        str(part): [label for label, count in plan.catalog.counts(part).items() if not count and whole[label]]
        for part in PARTS
    }


def split_lacks_class(plan: Plan) -> Iterator[Finding]:
    missing = {part: labels for part, labels in lacking(plan).items() if labels}
    if missing:
        faults = [
            f"the {PART_NAMES[part]} part lacks images of {_quoted(labels)}"
            for part, labels in missing.items()
        ]
        places = "; ".join(faults)
        yield make_finding(
            "split-lacks-class",
            Severity.BLOCKER,
            {"missing": missing},
            variant="training" if "train" in missing else None,
            words={"places": places[0].upper() + places[1:]},
        )


def _quoted(labels: list[str]) -> str:
    return some([f"'{label}'" for label in labels])
