"""A word or two for each finding about single images, for a badge on them."""

BADGES = {
    "duplicate-across-splits": "copy in two parts",
    "duplicate-across-classes": "two labels",
    "duplicate-images": "copy",
    "near-duplicate": "nearly a copy",
    "patient-across-splits": "patient in two parts",
    "blank-image": "blank",
    "outlier-size": "unusual size",
    "mixed-depth": "other depth",
    "mixed-color": "other colours",
    "extension-mismatch": "other type than named",
    "identifiers-present": "identifies someone",
}
