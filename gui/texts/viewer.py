"""Words of the large view of an image."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from counterpoise.core.catalog.about import About
    from counterpoise.core.catalog.readers import Frame
    from counterpoise.core.pixels.as_seen import AsSeen

HISTOGRAM = "Histogram with window"
HISTOGRAM_HELP = (
    "How often each value occurs. Drag the edges, or drag between them: what lies outside is shown "
    "black or white. Left and right move the window, up and down make it wider and narrower."
)
IMAGE_HELP = (
    "Wheel, + and - zoom, 0 or a double click fits, drag or Ctrl and arrows move. Drag with the right button "
    "or with Shift, or Shift and arrows, change window and level; 1 to 9 take the windows offered. I "
    "inverts, N shows what the network sees."
)
KEYS = (
    "← →: images · + −, 0: zoom, fit · drag: move · right or Shift drag, 1 to 9: window · "
    "I: invert · N: network · Esc: back"
)
KEYS_FRAMES = "Page up, page down: frames"
BACK = "Back to the gallery"
PREVIOUS = "Previous"
NEXT = "Next"
FIT = "Fit"
REAL = "1:1"
INVERT = "Invert"
LOG = "Log scale"
LOG_HELP = "Rare values beside a large background are seen on a logarithmic scale."
LOADING = "Opening…"
WINDOW = "Window and level"
NOBODY = "What could tell who it is stays in the file."
FROM_FILE = "As in the file"
USUAL = "Without extremes"
WHOLE = "All values"
USUAL_HELP = "From the 0.5th to the 99.5th percentile of the values."
WHOLE_HELP = "From the lowest to the highest value."
PRESETS_CT = {
    "Brain": (40.0, 80.0),
    "Subdural": (75.0, 215.0),
    "Stroke": (40.0, 40.0),
    "Lung": (-600.0, 1500.0),
    "Mediastinum": (50.0, 350.0),
    "Soft tissue": (40.0, 400.0),
    "Abdomen": (50.0, 400.0),
    "Liver": (30.0, 150.0),
    "Angio": (300.0, 600.0),
    "Bone": (400.0, 1800.0),
}
"""Usual windows of CT, centre and width in Hounsfield units (as radiology teaching lists them)."""
NETWORK = "As the network sees it"
NETWORK_HELP = "Shows beside the image what reaches the network: its size, its channels, its range."
NO_PLAN = "What the network sees is shown here as soon as the images are read and the settings checked."
NETWORK_WAITS = "Preparing what the network sees…"
ORIGINAL = "Original"
LITTLE = 0.05
LITTLE_SEEN = "That is next to nothing: choose another range in Balance and scale."


def value(number: float) -> str:
    """A pixel value in few digits."""
    whole = abs(number) >= 10 or number == int(number)
    return (f"{number:,.0f}" if whole else f"{number:.3g}").replace("-", "−")


def window(low: float, high: float) -> str:
    """The window as radiologists say it."""
    return f"Centre {value((low + high) / 2)}, width {value(high - low)}"


def with_key(words: str, number: int) -> str:
    """The help of the windows offered, with the key of the first nine."""
    return f"{words} ({number})" if number < 10 else words


def key(name: str) -> str:
    """The tooltip of a button that has a key."""
    return f"Key: {name}"


def own_window(name: str, number: int) -> str:
    """One of several windows that the file proposes."""
    return f"File: {name.replace('_', ' ').lower()}" if name else f"File: {number}"


def at(column: int, row: int, values: list[float], unit: str) -> str:
    """What is under the pointer."""
    told = ", ".join(value(number) for number in values)
    return f"x {column}, y {row}: {told} {unit}".rstrip()


def unit(frame: "Frame") -> str:
    """What the values of an image are counted in, behind a number."""
    if frame.modality == "CT" and frame.channels == 1:
        return "HU"
    return {"uint8": "of 255", "uint16": f"of {2**16 - 1:,}"}.get(frame.units, "")


def frame_of(number: int, count: int) -> str:
    return f"Frame {number + 1:,} of {count:,}"


def zoom(share: float) -> str:
    return f"{share:.0%}" if share >= 0.1 else f"{share:.1%}"


def seen(found: "AsSeen") -> str:
    """The network's view in words."""
    width, height = found.size
    channels = "1 channel" if found.channels == 1 else f"{found.channels} channels"
    low, high = found.ends
    return f"{NETWORK}: {width} × {height}, {channels}, {short(low)} to {short(high)}"


def seen_range(found: "AsSeen") -> str:
    """What the network is given of this image, in words."""
    low, high = float(found.values.min()), float(found.values.max())
    told = f"Here the values run from {short(low)} to {short(high)}."
    room = found.ends[1] - found.ends[0]
    return f"{told} {LITTLE_SEEN}" if high - low < LITTLE * room else told


def seen_at(column: int, row: int, values: list[float]) -> str:
    """What is under the pointer, as the network has it."""
    return f"x {column}, y {row}: {', '.join(map(short, values))}"


def short(number: float) -> str:
    """A scaled value: two digits behind the point at most."""
    return (f"{number:,.0f}" if abs(number) >= 100 else f"{number:.2f}".rstrip("0").rstrip(".")).replace(
        "-", "−"
    )


def breakable(name: str) -> str:
    """A name that may break anywhere: long ones without a gap would else widen what holds them."""
    return "\u200b".join(name)


def facts(width: int, height: int, channels: int, bits: int, form: str) -> str:
    """Size and depth of an image."""
    return f"{width:,} × {height:,} · {'grey' if channels == 1 else 'colour'} · {bits} bits · {form}"


def about(frame: "Frame", found: "About") -> list[tuple[str, str]]:
    """What is known of an image, as names with values; what isn't known is left out."""
    spacing = found.spacing
    rescale = found.rescale if found.rescale != (1.0, 0.0) else None
    rows = [
        ("Kind", _MODALITIES.get(found.modality, found.modality)),
        ("Body part", " ".join(filter(None, (found.side, found.body_part)))),
        ("View", found.view),
        ("Device", " ".join(filter(None, (found.maker, found.model)))),
        ("Exposure", _joined(_measured(found.kvp, "kVp"), _measured(found.mas, "mAs"))),
        ("Echo, repetition", _joined(_measured(found.echo_ms, "ms"), _measured(found.repetition_ms, "ms"))),
        ("Pixel spacing", f"{spacing[1]:.3g} × {spacing[0]:.3g} mm" if spacing else ""),
        ("Slice", _measured(found.thickness, "mm")),
        ("Patient", _joined(found.sex, found.age)),
        ("Stored as", _stored(found)),
        ("Rescaled", f"× {rescale[0]:g}, {rescale[1]:+g}".replace("-", "−") if rescale else ""),
        ("Padding", value(frame.padding) if frame.padding is not None else ""),
        ("Frames", f"{frame.n_frames:,}" if frame.n_frames > 1 else ""),
    ]
    return [(name, told) for name, told in rows if told]


def _stored(found: "About") -> str:
    kinds = {"MONOCHROME1": "MONOCHROME1 (white is low)", "MONOCHROME2": "MONOCHROME2"}
    kind = kinds.get(found.photometric, found.photometric)
    return _joined(kind, "signed" if found.signed and kind else "")


def _measured(number: float | None, unit: str) -> str:
    return f"{number:.4g} {unit}" if number is not None and number > 0 else ""


def _joined(*words: str) -> str:
    return ", ".join(filter(None, words))


_MODALITIES = {
    "CR": "X-ray (CR)",
    "CT": "CT",
    "DX": "X-ray (DX)",
    "ES": "endoscopy (ES)",
    "MG": "mammogram (MG)",
    "MR": "MRI (MR)",
    "NM": "nuclear medicine (NM)",
    "OP": "eye photograph (OP)",
    "OPT": "eye tomography (OPT)",
    "PT": "PET (PT)",
    "RF": "fluoroscopy (RF)",
    "SM": "slide microscopy (SM)",
    "US": "ultrasound (US)",
    "XA": "angiography (XA)",
    "XC": "photograph (XC)",
}
