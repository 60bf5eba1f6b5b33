"""Which findings belong beside which picture."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from counterpoise.core.catalog.rules.shortcut import PROPERTIES
from counterpoise.core.findings import Finding, Severity, by_urgency
from counterpoise.core.findings.words import percent

PICTURES = ("brightness", "sizes", "average", "kinds")
_PROPERTY_OF = {
    "brightness": {"brightness", "border"},
    "sizes": {"size", "aspect"},
    "average": {"border"},
    "kinds": {"color", "depth", "type"},
}
_CODES_OF = {
    "brightness": {"blank-image"},
    "sizes": {"outlier-size"},
    "average": set[str](),
    "kinds": {"mixed-depth", "mixed-color", "extension-mismatch"},
}


@dataclass(frozen=True)
class Beside:
    """What a finding says of one picture."""

    severity: Severity
    title: str
    text: str
    paths: tuple[str, ...] = ()


def beside(findings: Iterable[Finding]) -> Mapping[str, tuple[Beside, ...]]:
    """Return what was found by the name of the picture that shows it, the most urgent first."""
    found: dict[str, list[Beside]] = {name: [] for name in PICTURES}
    for finding in by_urgency(tuple(findings)):
        for name in PICTURES:
            if finding.code == "shortcut":
                told = _shortcut(finding, _PROPERTY_OF[name])
                if told:
                    found[name].append(Beside(finding.severity, finding.title, told))
            elif finding.code in _CODES_OF[name]:
                found[name].append(Beside(finding.severity, finding.title, finding.message, finding.paths))
    return {name: tuple(notes) for name, notes in found.items()}


def _shortcut(finding: Finding, properties: set[str]) -> str:
    """Return what some properties give away, or nothing.

    The finding itself tells the clearest property whole and only names the others; beside its own picture
    each has its figures.
    """
    sentences = []
    for told in finding.evidence.get("properties", ()):
        if told["property"] in properties:
            what = PROPERTIES[told["property"]][0]
            sentences.append(
                f"{what[0].upper()}{what[1:]} alone finds {percent(told['found'])} of '{told['class']}' and "
                f"takes {percent(told['false_alarms'])} of the others for it."
            )
    return " ".join(sentences)
