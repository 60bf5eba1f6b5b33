"""The images of a run, decoded once, and the scaling fitted on its training part."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager

import numpy as np

from counterpoise.core.pixels.fit import DegenerateScalingError, fit_scaling
from counterpoise.core.pixels.statistics import Blocks
from counterpoise.core.pixels.store import CacheLostError, ImagesLostError, ImageStore
from counterpoise.core.training.images.lost import LostImages
from counterpoise.core.training.record import RunConfig, write_config
from counterpoise.core.training.waiting import with_room
from counterpoise.core.training.work import Interrupted, Teller, Work

OPENINGS = 3
"""Times that a cache which is cleared while it is filled is begun anew."""


@contextmanager
def decoded_images(work: Work, config: RunConfig, teller: Teller) -> Iterator[ImageStore]:
    """Open the store of all training and validation images, filled.

    Waits for images that have gone and for room on the disk. Raises Interrupted where a pause was asked for
    (what was decoded stays), ImagesLostError where images have gone for good.
    """
    teller.stage("decode", len(work.images))
    lost = LostImages(work, teller)
    for opening in range(OPENINGS):
        with closing(with_room(lambda: _open(work, config), "the prepared images", teller)) as store:
            store.on_lost = lost
            try:
                with_room(lambda: _fill(store, work, teller, lost), "the prepared images", teller)
            except CacheLostError:  # cleared by another program: it is made anew
                if opening + 1 == OPENINGS:
                    raise
                continue
            yield store
            return


def _open(work: Work, config: RunConfig) -> ImageStore:
    return ImageStore.open(work.cache, work.sources, work.images, config.format)


def _fill(store: ImageStore, work: Work, teller: Teller, lost: LostImages) -> None:
    """Decode what is missing, with fewer processes where memory ran out before."""
    workers = max(1, (os.cpu_count() or 1) >> work.careful)
    while True:
        try:
            if not store.fill(workers, teller.progress, teller.wants_pause):
                raise Interrupted
        except ImagesLostError as error:
            lost(error)
        else:
            return


def with_scaling(work: Work, config: RunConfig, store: ImageStore, teller: Teller) -> RunConfig:
    """Return the record with its fitted scaling, fitting it and writing it down where it isn't yet."""
    if config.scaling is not None:
        return config
    teller.stage("scaling")
    blocks = store.blocks(np.arange(len(work.train)))
    config = _fitted(config, blocks)
    with_room(lambda: write_config(work.run, config), "the record of the run", teller)
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
