"""Images per class and part, and the words under the bars that show them. No Qt."""

from collections.abc import Mapping

from counterpoise.core.catalog.types import PARTS, Catalog
from counterpoise.gui.texts import inspect as texts


def by_part(catalog: Catalog) -> dict[str, dict[str, int]]:
    """Return ``{class: {part: images}}``, with the part ``""`` for what is left out."""
    found = {name: dict.fromkeys([*PARTS, ""], 0) for name in catalog.labels}
    for image in catalog.images:
        found[image.label][image.part] += 1
    return {name: {str(part): n for part, n in parts.items()} for name, parts in found.items()}


def legend(counts: Mapping[str, Mapping[str, int]]) -> tuple[list[tuple[str, str]], str]:
    """Return ``(part, words)`` of the parts there are, and the ratio of largest to smallest class."""
    shown = [part for part in texts.PART_LEGEND if any(parts.get(part) for parts in counts.values())]
    totals = [sum(n for part, n in parts.items() if part) for parts in counts.values()]
    smallest = min(totals, default=0)
    remark = texts.ratio(max(totals) / smallest) if smallest and len(totals) > 1 else ""
    return [(part, texts.PART_LEGEND[part]) for part in shown], remark
