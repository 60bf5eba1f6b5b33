"""Images of a size far from the rest."""

from collections.abc import Iterable

import numpy as np

from counterpoise.core.catalog.context import Context
from counterpoise.core.findings import Finding, Severity, make_finding
from counterpoise.core.findings.words import count

FEWEST = 20
"""With fewer images there is no usual size."""
TIMES = 4.0
"""In area, at least: a factor of two per side."""
SPREADS = 5.0
"""Beyond so many robust standard deviations (1.4826 MAD) of the logarithm of the area."""
LARGEST_SHARE = 0.05
"""More than these are a second kind of image, not outliers."""


def outlier_size(context: Context) -> Iterable[Finding]:
    """Few images, at least four times larger or smaller in area than the median."""
    images = context.used
    if len(images) < FEWEST:
        return
    area = np.log([image.width * image.height for image in images])
    distance = np.abs(area - np.median(area))
    spread = 1.4826 * float(np.median(distance))
    far = np.flatnonzero(distance > max(np.log(TIMES), SPREADS * spread))
    if not 0 < far.size <= LARGEST_SHARE * len(images):
        return
    width = int(np.median([image.width for image in images]))
    height = int(np.median([image.height for image in images]))
    yield make_finding(
        "outlier-size",
        Severity.INFO,
        {"images": int(far.size), "median": [width, height]},
        words={"number": count(int(far.size), "image is", "images are"), "usual": f"{width} × {height}"},
        paths=sorted({images[i].path for i in far}),
    )
