"""What a review was made from, as a name: another one means that it is out of date."""

import hashlib

from counterpoise.core.catalog.types import PARTS, Catalog
from counterpoise.core.settings import Settings

VERSION = 4
"""To be raised with every change of what a review finds."""


def digest_of(catalog: Catalog, settings: Settings, with_test: bool) -> str:
    """Return 64 hexadecimal digits: of images, labels, patients, parts, and the settings that matter.

    (In the catalog's order: sorting 100,000 lines would stop the window for a moment.)
    """
    model, scaling = settings.model, settings.scaling
    about = (
        VERSION,
        with_test,
        model.name,
        model.image_size,
        str(model.weights),
        scaling,
        settings.training.seed,
    )
    digest = hashlib.sha256(repr(about).encode())
    for image in catalog.images:
        if image.part in PARTS:
            line = f"{image.content} {image.part} {image.group} {image.label}\n"
            digest.update(line.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
