"""Files that hold several images, all of one patient."""

from collections import Counter
from collections.abc import Iterable

from counterpoise.core.catalog.context import Context
from counterpoise.core.findings import Finding, Severity, make_finding
from counterpoise.core.findings.words import count


def multi_frame(context: Context) -> Iterable[Finding]:
    """Each frame is an image of its own; frames of a file stay in one part."""
    frames = Counter(image.path for image in context.present if image.frame >= 0)
    if not frames:
        return
    total = sum(frames.values())
    yield make_finding(
        "multi-frame",
        Severity.INFO,
        {"files": len(frames), "frames": total, "most": max(frames.values())},
        words={
            "number": count(len(frames), "file holds", "files hold"),
            "n_frames": f"{total:,}",
        },
        paths=sorted(frames),
    )
