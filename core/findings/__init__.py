"""A finding is data: code, severity, sentence, evidence, fix."""

from counterpoise.core.findings.finding import MOST_PATHS, Finding, Fix, Severity, by_urgency, make_finding
from counterpoise.core.findings.registry import CODES, CodeSpec, Subject, code_spec

__all__ = [
    "CODES",
    "MOST_PATHS",
    "CodeSpec",
    "Finding",
    "Fix",
    "Severity",
    "Subject",
    "by_urgency",
    "code_spec",
    "make_finding",
]
