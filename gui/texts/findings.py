"""A word or two for each finding about single images, for a badge on them."""

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
