"""Features of the images looked at: from the store that a training in features mode uses and fills."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from counterpoise.core.catalog.types import Catalog, ImageRecord
from counterpoise.core.models.registry import model_names, spec
from counterpoise.core.safety.plan import Plan, make_plan
from counterpoise.core.settings import Settings
from counterpoise.core.study.run_folder import RunFolder
from counterpoise.core.training.features.embed import embedded
from counterpoise.core.training.features.feature_rows import Array, Evening, fit_evening
from counterpoise.core.training.features.feature_store import FeatureStore
from counterpoise.core.training.images.decoded import decoded_images, with_scaling
from counterpoise.core.training.record import new_config
from counterpoise.core.training.start import make_work
from counterpoise.core.training.work import Interrupted, Teller

BLOCK = 1024


@dataclass
class ReviewTeller(Teller):
    """Tells stages and progress; doesn't wait for lost images; a cancel interrupts like a pause."""

    waits: bool = False

    def wants_pause(self) -> bool:
        return self.context.cancelled() or super().wants_pause()


def review_plan(catalog: Catalog, settings: Settings, cache: Path | None) -> Plan:
    """Return what a training in features mode would run with; how it learns doesn't matter here."""
    name = settings.model.name
    if name not in model_names() or "features" not in spec(name).modes:
        name = Settings().model.name
    wanted = Settings(
        data=settings.data,
        scaling=settings.scaling,
        model=settings.model.model_copy(update={"name": name, "mode": "features"}),
        training=Settings().training.model_copy(
            update={"device": settings.training.device, "seed": settings.training.seed}
        ),
    )
    return make_plan(catalog, wanted, cache=cache)


@contextmanager
def looked_at(plan: Plan, teller: Teller) -> Iterator[tuple[tuple[ImageRecord, ...], FeatureStore]]:
    """Give the images of all parts and the store of their features, filled.

    Training images come first, then the others, each in the order of their content. Raises Interrupted
    where it was cancelled, ImagesLostError where images can't be read any more.
    """
    with tempfile.TemporaryDirectory(prefix="counterpoise-review-", ignore_cleanup_errors=True) as folder:
        run = RunFolder(Path(folder) / "run")
        run.root.mkdir()
        config = new_config(plan)
        work = make_work(run, plan.catalog, plan.cache, plan.settings.model.weights)
        # Features need no labels: those of the test part serve to find copies, and nothing is measured on it.
        work = replace(work, val=(*work.val, *plan.catalog.part("test")))
        with decoded_images(work, config, teller) as images:
            config = with_scaling(work, config, images, teller)
            with embedded(work, config, images, teller) as store:
                yield work.images, store


def evened(store: FeatureStore, teller: Teller, fitted_on: int | None = None) -> Array:
    """Return all features [n, width], evened out as the head of a training sees them."""
    count = len(store)
    evening: Evening = fit_evening(store.read, fitted_on or count)
    found = np.empty((count, len(evening.mean)), np.float32)
    for start in range(0, count, BLOCK):
        if teller.wants_pause():
            raise Interrupted
        positions = np.arange(start, min(start + BLOCK, count))
        found[positions] = evening.apply(store.read(positions))
    return found
