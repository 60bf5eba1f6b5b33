"""The catalog as the contract's JSON of ``scan``."""

from typing import Any

from counterpoise.core.catalog.types import PARTS, Catalog, groups


def scan_json(catalog: Catalog) -> dict[str, Any]:
    """Return files, images, groups, classes by part, skipped files and findings.

    Images that the user left out count nowhere; copies that are kept once count in ``count`` and
    stand in no part.
    """
    counts = catalog.counts()
    splits = {label: dict.fromkeys(PARTS, 0) for label in catalog.labels}
    for image in catalog.present:
        if image.part:
            splits[image.label][image.part] += 1
    return {
        "files": catalog.files,
        "images": len(catalog.present),
        "groups": groups(catalog.present),
        "classes": [
            {"name": label, "count": counts[label], "splits": splits[label]} for label in catalog.labels
        ],
        "skipped": [{"path": entry.path, "reason": entry.reason} for entry in catalog.skipped],
        "findings": [finding.to_json() for finding in catalog.findings],
    }
