"""The catalog as the contract's JSON of ``scan``."""

from typing import Any

from counterpoise.core.catalog.types import PARTS, Catalog, groups


def scan_json(catalog: Catalog) -> dict[str, Any]:
    """Return files, images, groups, classes by part, skipped files and findings.

    Images that the user left out count nowhere; copies that are kept once count in ``count`` and
    stand in no part.
    """
    counts = dict.fromkeys(catalog.labels, 0)
    splits = {label: dict.fromkeys(PARTS, 0) for label in catalog.labels}
    present = [image for image in catalog.images if (image.path, image.frame) not in catalog.excluded]
    for image in present:
        counts[image.label] += 1
        if image.part:
            splits[image.label][image.part] += 1
    return {
        "files": catalog.files,
        "images": len(present),
        "groups": groups(present),
        "classes": [
            {"name": label, "count": counts[label], "splits": splits[label]} for label in catalog.labels
        ],
        "skipped": [{"path": entry.path, "reason": entry.reason} for entry in catalog.skipped],
        "findings": [finding.to_json() for finding in catalog.findings],
    }
