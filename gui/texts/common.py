"""Words that several screens share."""

SEVERITY = {
    "blocker": "Must be mended",
    "warning": "Warning",
    "info": "Good to know",
    "good": "All well",
}
SHOW_IMAGES = "Show images"
PARTS = {"train": "training", "val": "validation", "test": "test", "": "left out"}
RESEARCH_USE = "Research use. Not a medical device."
