"""Files that give no image, by reason; none is left out silently."""

from collections import Counter
from collections.abc import Iterable

from counterpoise.core.catalog.context import Context
from counterpoise.core.findings import Finding, Severity, make_finding
from counterpoise.core.findings.words import count, some

MOST_REASONS = 50
_SUBJECTS = {
    "unreadable-image": ("file", "files"),
    "oversized-image": ("file has", "files have"),
    "non-finite-pixels": ("file holds", "files hold"),
    "unsupported-file": ("file was", "files were"),
}


def unreadable_image(context: Context) -> Iterable[Finding]:
    """Empty, truncated, no image, DICOM without pixels."""
    return _warning(context, "unreadable-image")


def oversized_image(context: Context) -> Iterable[Finding]:
    """More pixels than the safety limit."""
    return _warning(context, "oversized-image")


def non_finite_pixels(context: Context) -> Iterable[Finding]:
    """NaN or infinity in a float image."""
    return _warning(context, "non-finite-pixels")


def unsupported_file(context: Context) -> Iterable[Finding]:
    """What is no image at all, counted by reason."""
    return _left_out(context, "unsupported-file", Severity.INFO)


def _warning(context: Context, code: str) -> Iterable[Finding]:
    return _left_out(context, code, Severity.WARNING)


def _left_out(context: Context, code: str, severity: Severity) -> Iterable[Finding]:
    entries = [entry for entry in context.catalog.skipped if entry.code == code]
    if not entries:
        return
    reasons = Counter(entry.reason for entry in entries)
    told = [f"{reason} ({number:,})" for reason, number in reasons.most_common()]
    yield make_finding(
        code,
        severity,
        {"files": len(entries), "reasons": dict(reasons.most_common(MOST_REASONS))},
        words={"number": count(len(entries), *_SUBJECTS[code]), "why": some(told)},
        paths=[entry.path for entry in entries],
    )
