"""The child that reads a few training images for the picture of the scaling. Imports no Qt."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from counterpoise.core.catalog.types import Catalog
from counterpoise.core.pixels.format import PixelFormat

if TYPE_CHECKING:
    from counterpoise.core.jobs.job import JobContext

SAMPLE = 32


@dataclass(frozen=True)
class SampleRequest:
    """Files and frames to read, in the format of the plan. It is pickled into the child."""

    images: tuple[tuple[Path, int], ...]
    format: PixelFormat


def sample_request(catalog: Catalog, fmt: PixelFormat, number: int = SAMPLE) -> SampleRequest:
    """Choose training images evenly over the catalog, so that every class of some size is among them."""
    train = catalog.part("train") or catalog.images
    chosen = [train[round(i)] for i in np.linspace(0, len(train) - 1, min(number, len(train)))]
    return SampleRequest(tuple((catalog.sources.locate(i.path), i.frame) for i in chosen), fmt)


def read_sample(request: SampleRequest, context: "JobContext") -> npt.NDArray[Any]:
    """Return prepared images [n, height, width, channels]; a file that has gone is passed over."""
    from counterpoise.core.catalog.readers import UnreadableImage, read_frame
    from counterpoise.core.pixels.prepare import prepare

    prepared = []
    for path, frame in request.images:
        if context.cancelled():
            break
        try:
            prepared.append(prepare(read_frame(path, frame), request.format))
        except UnreadableImage:
            continue
    return np.stack(prepared) if prepared else np.empty((0, *request.format.shape), request.format.dtype)
