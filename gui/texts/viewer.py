"""Words of the large view of an image."""

HISTOGRAM = "Histogram with window"
HISTOGRAM_HELP = (
    "How often each value occurs. Drag the edges, or drag between them: what lies outside is shown "
    "black or white. Left and right move the window, up and down make it wider and narrower."
)
IMAGE_HELP = "Wheel or + and - zoom, drag moves, drag with the right button changes window and level, 0 fits."
BACK = "Back to the gallery"
PREVIOUS = "Previous"
NEXT = "Next"
FIT = "Fit"
REAL = "1:1"
INVERT = "Invert"
RESET = "Whole range"
LOADING = "Opening…"
WINDOW = "Window"
PRESETS_CT = {"Lung": (-600.0, 1500.0), "Soft tissue": (40.0, 400.0), "Bone": (400.0, 1800.0)}
"""Usual windows of CT, centre and width in Hounsfield units."""
UNITS = {"uint8": "8-bit", "uint16": "16-bit", "dicom": "DICOM values", "float": "float"}


def value(number: float) -> str:
    """A pixel value in few digits."""
    return f"{number:,.0f}" if abs(number) >= 10 or number == int(number) else f"{number:.3g}"


def window(low: float, high: float) -> str:
    """The window as radiologists say it."""
    return f"Window: centre {value((low + high) / 2)}, width {value(high - low)}"


def facts(width: int, height: int, channels: int, bits: int, form: str) -> str:
    """Size and depth of an image."""
    return f"{width} × {height} · {'grey' if channels == 1 else 'colour'} · {bits} bits · {form}"
