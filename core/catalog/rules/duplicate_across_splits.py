"""The same picture in two of the user's own parts: the result would look better than it is."""

from collections.abc import Iterable

from counterpoise.core.catalog.context import Context
from counterpoise.core.catalog.rules.leave_out import leave_out
from counterpoise.core.catalog.rules.pairs import pairs_evidence
from counterpoise.core.catalog.types import PART_NAMES, ImageRecord, Part
from counterpoise.core.findings import Finding, Severity, make_finding
from counterpoise.core.findings.words import count, percent

TOLERATED = 0.02
"""Share of the validation or test part; above it figures are no longer believable."""
RANK = {"test": 2, "val": 1, "train": 0, "": -1}


def duplicate_across_splits(context: Context) -> Iterable[Finding]:
    """Blocker when more than 2 % of validation or test is affected, else warning.

    Resized and recompressed copies count like those of the same pixels.
    """
    shared = copies_across_parts(context)
    if not shared:
        return
    affected = {part: sum(i.part == part for images in shared for i in images) for part in ("val", "test")}
    sizes = {part: len(context.catalog.part(part)) for part in ("val", "test")}
    shares = {part: affected[part] / sizes[part] if sizes[part] else 0.0 for part in ("val", "test")}
    blocks = max(shares.values()) > TOLERATED
    paths = sorted({image.path for images in shared for image in images if image.part})
    copies = [image for images in shared for image in lower_copies(images)]
    yield make_finding(
        "duplicate-across-splits",
        Severity.BLOCKER if blocks else Severity.WARNING,
        {
            "contents": len(shared),
            "affected": affected,
            "shares": {p: round(s, 4) for p, s in shares.items()},
            **pairs_evidence(paths, (pair for images in shared for pair in _across(images))),
        },
        variant="blocker" if blocks else None,
        words={
            "number": count(len(shared), "image stands", "images stand"),
            "which": " and ".join(
                f"{percent(shares[part], 1)} of the {PART_NAMES[part]} part"
                for part in ("val", "test")
                if affected[part]
            ),
        },
        paths=paths,
        fix=leave_out(
            context, (i.path for i in copies), f"Leave {count(len(copies), 'copy', 'copies')} out of training"
        ),
    )


def copies_across_parts(context: Context) -> list[list[ImageRecord]]:
    """Return images of one picture that stand in several parts.

    Where we made the parts, only those of the same pixels count (the user moved one): a long chain of
    copies is divided knowingly (see ``make_parts``), and near-duplicate tells of it.
    """
    return [images for images in context.by_picture if _stands_across(images, set(context.made))]


def _stands_across(images: list[ImageRecord], made: set[Part]) -> bool:
    if len({image.part for image in images if image.part} - made) > 1:
        return True
    places = {(image.content, image.part) for image in images if image.part}
    return len(places) > len({content for content, _ in places})


def _across(images: list[ImageRecord]) -> list[tuple[str, str]]:
    """Return each image of a lower part beside the first of the highest."""
    best = max(images, key=lambda image: RANK[image.part])
    return [(best.path, image.path) for image in lower_copies(images) if image.part]


def lower_copies(images: list[ImageRecord]) -> list[ImageRecord]:
    """Return the images to leave out so that one part keeps them: test before validation before training."""
    top = max(images, key=lambda image: RANK[image.part]).part
    return [image for image in images if image.part != top]
