"""What was found of copies, kept from scan to scan: only new pairs are looked at."""

import contextlib
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from counterpoise.core.catalog.alike.confirm import Likeness

VERSION = 5
"""To be raised with every change of what counts as a copy."""
Verdicts = dict[tuple[str, str], tuple[int, Likeness]]
"""By the contents of both images: how far they stood out (a grade), and what was found."""


def digest_of(members: Iterable[tuple[str, str]]) -> str:
    """Return a name for a set of contents with their patients."""
    digest = hashlib.sha256(f"copies {VERSION}".encode())
    for content, group in sorted(members):
        digest.update(f"\n{content} {group}".encode())
    return digest.hexdigest()


@dataclass(frozen=True)
class Kept:
    """The verdicts on all candidates of a set."""

    digest: str = ""
    verdicts: Verdicts = field(default_factory=dict)
    unchecked: int = 0

    def verdict(self, a: str, b: str, grade: int) -> Likeness | None:
        """Return what is known of a pair that stands out as much as then."""
        known = self.verdicts.get((a, b))
        return known[1] if known is not None and known[0] == grade else None

    @classmethod
    def read(cls, file: Path | None) -> "Kept":
        """Return what ``file`` holds; nothing where it is missing, damaged or of another version."""
        if file is None:
            return cls()
        try:
            values = json.loads(file.read_bytes())
            if values["version"] != VERSION:
                return cls()
            verdicts: Verdicts = {
                (a, b): (int(grade), Likeness(kind, float(similarity)))
                for a, b, grade, kind, similarity in values["pairs"]
            }
            return cls(values["digest"], verdicts, int(values["unchecked"]))
        except (OSError, ValueError, KeyError, TypeError):
            return cls()

    def write(self, file: Path | None) -> None:
        """Keep this in ``file``, whole or not at all; a full disk costs only the memory."""
        if file is None:
            return
        pairs = [
            (a, b, grade, likeness.kind, round(likeness.similarity, 4))
            for (a, b), (grade, likeness) in self.verdicts.items()
        ]
        values = {"version": VERSION, "digest": self.digest, "unchecked": self.unchecked, "pairs": pairs}
        with contextlib.suppress(OSError):
            file.parent.mkdir(parents=True, exist_ok=True)
            aside = file.with_name(file.name + ".new")
            aside.write_text(json.dumps(values, separators=(",", ":")), encoding="utf-8")
            aside.replace(file)
