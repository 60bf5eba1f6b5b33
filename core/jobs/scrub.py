"""Take absolute paths out of text that a run keeps: a run may be handed on, this computer's folders not."""

import contextlib
import re
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

QUOTED = re.compile(r"""(["'])((?:[A-Za-z]:[\\/]|/)[^"'\n]*[\\/])([^"'\n]*)\1""")
BARE = re.compile(r"""(?<![\w.…/\\])(?:[A-Za-z]:[\\/]|/)(?:[^\s/\\"'<>|:;,()\[\]]+[\\/])+""")


class Scrubber:
    """Replaces known folders, and whatever else looks like an absolute path, by ``…/``.

    >>> Scrubber(["/data/clinic"]).text("can't read /data/clinic/a/b.png")
    "can't read …/a/b.png"
    """

    def __init__(self, roots: Iterable[str | Path] = ()) -> None:
        known = {*map(str, roots), sys.prefix}
        for place in (Path.home, Path.cwd, tempfile.gettempdir):
            with contextlib.suppress(OSError, RuntimeError):  # there may be none, or it was deleted
                known.add(str(place()))
        self._roots = sorted((root for root in known if len(root) > 1), key=len, reverse=True)

    def text(self, text: str) -> str:
        """Return ``text`` without absolute paths; names of files stay."""
        for root in self._roots:
            if root in text:
                text = text.replace(root, "…")
        text = QUOTED.sub(r"\1…/\3\1", text)
        return BARE.sub("…/", text)

    def value(self, value: Any) -> Any:
        """Return JSON values with every text in them scrubbed."""
        if isinstance(value, str):
            return self.text(value) if "/" in value or "\\" in value else value
        if isinstance(value, dict):
            return {key: self.value(entry) for key, entry in value.items()}
        if isinstance(value, list | tuple):
            return [self.value(entry) for entry in value]
        return value
