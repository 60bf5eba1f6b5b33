"""What the pictures tell that the catalog knows without opening a file."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from counterpoise.core.catalog.distributions.beside import Beside, beside
from counterpoise.core.catalog.distributions.kinds import Kind, kinds_of
from counterpoise.core.catalog.distributions.make import PicturesRequest
from counterpoise.core.catalog.distributions.pictures import factor, scale_of
from counterpoise.core.catalog.distributions.sample import used
from counterpoise.core.catalog.distributions.sizes import Sizes, sizes_of
from counterpoise.core.catalog.report import public_finding
from counterpoise.core.catalog.types import Catalog, ImageRecord


@dataclass(frozen=True)
class DataFacts:
    """Sizes and kinds of all images, the sample that is to be looked at, and the findings beside them."""

    labels: tuple[str, ...]
    images: tuple[ImageRecord, ...]
    """Those that stand in a part."""
    request: PicturesRequest
    sizes: Sizes
    kinds: tuple[Kind, ...]
    beside: Mapping[str, tuple[Beside, ...]]
    scale: str
    """Of the grey values, see ``Pictures.scale``."""

    def mean_of(self, image: ImageRecord) -> float:
        """Return the mean of an image on the scale of the pictures."""
        return image.mean * factor(image.units, self.scale)

    def dots(self) -> tuple[tuple[float, ...], ...]:
        """Return the means of the sample's images, by class."""
        found: dict[str, list[float]] = {label: [] for label in self.labels}
        for image in self.request.images:
            found[image.label].append(self.mean_of(image))
        return tuple(tuple(found[label]) for label in self.labels)


def facts_of(catalog: Catalog, cache: Path | None = None, *, public: bool = False) -> DataFacts:
    """Return the facts; with ``public`` the findings beside the pictures name nobody."""
    images, request = used(catalog), PicturesRequest.of(catalog, cache)
    findings = catalog.findings
    if public:
        findings = tuple(public_finding(catalog, finding) for finding in findings)
    return DataFacts(
        catalog.labels,
        images,
        request,
        sizes_of(images),
        kinds_of(images, catalog.labels),
        beside(findings),
        scale_of(request.images),
    )
