"""Colour and grey images in one set."""

from collections import Counter
from collections.abc import Iterable

from counterpoise.core.catalog.context import Context
from counterpoise.core.catalog.measure import GREY_AS_COLOR
from counterpoise.core.catalog.rules.association import goes_along
from counterpoise.core.catalog.types import ImageRecord
from counterpoise.core.findings import Finding, Severity, make_finding
from counterpoise.core.findings.words import count


def mixed_color(context: Context) -> Iterable[Finding]:
    """Info with how they are brought together; warning where colour goes along with the class."""
    images = context.used
    channels = [image.channels for image in images]
    counts = Counter(channels)
    if len(counts) < 2:
        return
    # A grey image stored as colour has three equal channels, as a grey one gets them: no network sees it.
    seen = [1 if _stored_as_color(context, image) else image.channels for image in images]
    labels = [image.label for image in images]
    variant = "warning" if goes_along(seen, labels) else "stored" if goes_along(channels, labels) else None
    equal = seen.count(1) - counts[1]
    usual = counts.most_common(1)[0][0]
    yield make_finding(
        "mixed-color",
        Severity.WARNING if variant else Severity.INFO,
        {
            "color": counts[3],
            "grey": counts[1],
            "grey_stored_as_color": equal,
            "with_class": variant is not None,
        },
        variant=variant,
        words={
            "n_color": count(counts[3], "image is", "images are"),
            "n_grey": f"{counts[1]:,}",
            "n_equal": f"{equal:,}",
        },
        paths=sorted({image.path for image in images if image.channels != usual}),
    )


def _stored_as_color(context: Context, image: ImageRecord) -> bool:
    return GREY_AS_COLOR in context.notes.get((image.path, image.frame), ())
