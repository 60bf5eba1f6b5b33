"""A word or two for each finding about single images, for a badge on them."""

from counterpoise.core.findings import Finding

BADGES = {
    "duplicate-across-splits": "in two parts",
    "duplicate-across-classes": "two labels",
    "duplicate-images": "copy",
    "near-duplicate": "near copy",
    "patient-across-splits": "split patient",
    "blank-image": "blank",
    "outlier-size": "unusual size",
    "mixed-depth": "other depth",
    "mixed-color": "other colour",
    "extension-mismatch": "misnamed",
    "identifiers-present": "identifiable",
}
WRITING = "writing"


def badge(finding: Finding) -> str:
    """Return the badge of the images that a finding names; nothing where they shall have none.

    What looks like writing need not identify anyone, and what stands in DICOM tags is never copied: a badge
    on every image of a set would say nothing.
    """
    if finding.code == "identifiers-present":
        where = set(finding.evidence.get("where", ()))
        return WRITING if where == {"writing"} else "" if where == {"dicom-tags"} else BADGES[finding.code]
    return BADGES.get(finding.code, "")
