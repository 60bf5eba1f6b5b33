"""The images of a run, decoded once, and the scaling fitted on its training part."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

import numpy as np

from counterpoise.core.pixels.fit import DegenerateScalingError, fit_scaling
from counterpoise.core.pixels.statistics import Blocks
from counterpoise.core.pixels.store import ImageStore
from counterpoise.core.training.record import RunConfig, write_config
from counterpoise.core.training.work import Interrupted, Teller, Work


@contextmanager
def decoded_images(work: Work, config: RunConfig, teller: Teller) -> Iterator[ImageStore]:
    """Open the store of all training and validation images, filled.

    Raises Interrupted where a pause was asked for (what was decoded stays), ImagesLostError where
    images have gone since the scan.
    """
    images = work.images
    teller.stage("decode", len(images))
    with closing(ImageStore.open(work.cache, work.sources, images, config.format)) as store:
        if not store.fill(progress=teller.progress, cancelled=teller.wants_pause):
            raise Interrupted
        yield store


def with_scaling(work: Work, config: RunConfig, store: ImageStore, teller: Teller) -> RunConfig:
    """Return the record with its fitted scaling, fitting it and writing it down where it isn't yet."""
    if config.scaling is not None:
        return config
    teller.stage("scaling")
    blocks = store.blocks(np.arange(len(work.train)))
    config = _fitted(config, blocks)
    write_config(work.run, config)
    return config


def _fitted(config: RunConfig, blocks: Blocks) -> RunConfig:
    try:
        fitted = fit_scaling(config.settings.scaling, config.format, blocks)
    except DegenerateScalingError:
        if config.requested.scaling.method != "auto" or config.settings.scaling.method == "minmax":
            raise
        # What we chose ourselves must not fail: nearly all pixels are equal, so take their whole range.
        settings = config.settings.changed({"scaling.method": "minmax"})
        return _fitted(config.model_copy(update={"settings": settings}), blocks)
    return config.model_copy(update={"scaling": fitted})
