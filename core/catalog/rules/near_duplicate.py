"""Nearly the same picture in two parts, or under two labels."""

from collections.abc import Iterable, Sequence

from counterpoise.core.catalog.context import Context
from counterpoise.core.catalog.rules.duplicate_across_splits import copies_across_parts, lower_copies
from counterpoise.core.catalog.rules.leave_out import leave_out
from counterpoise.core.catalog.rules.pairs import pairs_evidence
from counterpoise.core.catalog.types import ImageRecord
from counterpoise.core.findings import Finding, Severity, make_finding
from counterpoise.core.findings.words import count, some_pairs

Pair = tuple[ImageRecord, ImageRecord]


def near_duplicate(context: Context) -> Iterable[Finding]:
    """Warn of pairs with different pixels; copies across parts are told by duplicate-across-splits."""
    pairs = _pairs(context)
    across_parts = [(a, b) for a, b in pairs if a.part and b.part and a.part != b.part]
    found = _alike_in_common if context.alike.common else _outstanding
    findings = list(found(context, pairs, across_parts))
    yield from findings
    if context.alike.unchecked and not findings:
        yield make_finding(
            "near-duplicate",
            Severity.INFO,
            {"unchecked": context.alike.unchecked},
            variant="unchecked",
            words={"number": count(context.alike.unchecked, "pair")},
        )


def _outstanding(context: Context, pairs: Sequence[Pair], across_parts: Sequence[Pair]) -> Iterable[Finding]:
    copied = copies_across_parts(context)
    told = {_key(image): number for number, images in enumerate(copied) for image in images}
    left = [(a, b) for a, b in across_parts if told.get(_key(a), -1) != told.get(_key(b), -2)]
    if left:
        lower = [image for pair in left for image in lower_copies(list(pair))]
        number = len({_key(image) for image in lower})
        label = f"Leave {count(number, 'near-copy', 'near-copies')} out of training"
        yield _finding(context, left, None, (image.path for image in lower), label)
    across_labels = [(a, b) for a, b in pairs if a.label != b.label]
    if across_labels:
        both = {image.path for pair in across_labels for image in pair}
        label = f"Leave these {count(len(both), 'file')} out"
        yield _finding(context, across_labels, "labels", both, label)


def _alike_in_common(
    context: Context, _pairs: Sequence[Pair], across_parts: Sequence[Pair]
) -> Iterable[Finding]:
    """Where so many images are alike, nobody knows what a pair means."""
    if across_parts:
        yield _finding(context, across_parts, "common")


def _finding(
    context: Context, pairs: Sequence[Pair], variant: str | None, out: Iterable[str] = (), label: str = ""
) -> Finding:
    paths = sorted({image.path for pair in pairs for image in pair})
    evidence = pairs_evidence(paths, ((a.path, b.path) for a, b in pairs))
    unchecked = context.alike.unchecked
    if unchecked:
        evidence["unchecked"] = unchecked
    return make_finding(
        "near-duplicate",
        Severity.INFO if variant == "common" else Severity.WARNING,
        evidence,
        variant=variant,
        words={
            "number": count(len(pairs), "pair of images shows", "pairs of images show"),
            "which": some_pairs([(a.path, b.path) for a, b in pairs]),
            "more": f" {count(unchecked, 'more pair')} of images that look alike couldn't all be compared."
            if unchecked
            else "",
        },
        paths=paths,
        fix=leave_out(context, out, label) if label else None,
    )


def _pairs(context: Context) -> list[Pair]:
    """Return the pairs of present images, also of those that another one of the same pixels stands for."""
    by_content: dict[str, list[ImageRecord]] = {}
    for image in context.present:
        by_content.setdefault(image.content, []).append(image)
    content_of = {_key(image): image.content for image in context.catalog.images}
    pairs = []
    for pair in context.alike.pairs:
        firsts, seconds = (by_content.get(content_of[key], []) for key in (pair.a, pair.b))
        seen = set()
        for first in firsts:
            for second in seconds:
                # One pair for each combination of parts and labels is enough to see it.
                places = first.part, first.label, second.part, second.label
                if places not in seen:
                    seen.add(places)
                    pairs.append((first, second))
    return pairs


def _key(image: ImageRecord) -> tuple[str, int]:
    return image.path, image.frame
