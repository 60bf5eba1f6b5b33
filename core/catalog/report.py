"""The catalog as the contract's JSON of ``scan``."""

from dataclasses import replace
from typing import Any

from counterpoise.core.catalog.privacy import identifying_kinds
from counterpoise.core.catalog.types import PARTS, Catalog, groups
from counterpoise.core.findings import Finding, Fix


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


def public_finding(catalog: Catalog, finding: Finding) -> Finding:
    """Return a finding as files that leave the study may hold it: no name in it identifies anyone."""
    names = catalog.public_names
    if not names:
        return finding
    longest_first = sorted(names, key=len, reverse=True)
    within = {
        name: alias for path, alias in names.items() if identifying_kinds(name := path.rpartition("/")[2])
    }

    def hide(value: Any) -> Any:
        if isinstance(value, str):
            if value in names:
                return names[value]
            for path in longest_first:
                value = value.replace(path, names[path])
            for name, alias in within.items():
                value = value.replace(name, alias)
            return value
        if isinstance(value, list | tuple):
            return [hide(entry) for entry in value]
        if isinstance(value, dict):
            return {hide(key): hide(entry) for key, entry in value.items()}
        return value

    fix = Fix(finding.fix.label, hide(dict(finding.fix.set))) if finding.fix else None
    return replace(
        finding,
        message=hide(finding.message),
        paths=tuple(names.get(path, path) for path in finding.paths),
        evidence=hide(dict(finding.evidence)),
        fix=fix,
    )
