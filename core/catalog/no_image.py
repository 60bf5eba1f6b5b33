"""Why a scan found no image, as a sentence."""

from collections.abc import Sequence

from counterpoise.core.catalog.labels_csv import LabelTable
from counterpoise.core.catalog.listing import OUTSIDE, Listing
from counterpoise.core.catalog.types import Skipped, Sources


def no_image(sources: Sources, listing: Listing, skipped: Sequence[Skipped]) -> str:
    """Say what was expected, what was there, and what to do."""
    where = str(sources.root) if sources.root else "The class folders"
    table = listing.table
    if table is not None:
        example = f"such as '{table.rows[0].path}'" if table.rows else _no_row(table)
        return (
            f"{where} holds no readable image that the labels file names: expected paths relative to that "
            f"folder, received {example}. Mend the labels file, or give the folder it belongs to."
        )
    loose = sum(entry.reason == OUTSIDE for entry in skipped)
    if loose and not listing.candidates:
        return (
            f"{where} holds no image in a class folder: expected one sub-folder with images per class, "
            f"received {loose:,} loose files. Sort them into class folders, or give a labels file."
        )
    unreadable = sum(entry.code != "unsupported-file" for entry in skipped)
    seen = f"{len(skipped):,} other files" if skipped else "an empty folder"
    if unreadable:
        seen = f"{unreadable:,} files that can't be read ({skipped[0].path}: {skipped[0].reason})"
    holds = "holds" if sources.root else "hold"
    return (
        f"{where} {holds} no image: expected JPEG, PNG, BMP, GIF, WebP, TIFF or DICOM files, "
        f"received {seen}. Choose the folder with the images."
    )


def _no_row(table: LabelTable) -> str:
    if not table.problems:
        return "no row at all"
    line, path, reason = table.problems[0]
    return f"no usable row (line {line}: {f'{path!r}: ' if path else ''}{reason})"
