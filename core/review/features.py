"""Features of the images looked at: from the store that a training in features mode uses and fills."""

import contextlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from counterpoise.core.catalog.types import Catalog, ImageRecord
from counterpoise.core.models.registry import model_names, spec
from counterpoise.core.pixels.scaling import FittedScaling
from counterpoise.core.safety.plan import Plan, make_plan
from counterpoise.core.settings import Settings
from counterpoise.core.study.atomic import write_text
from counterpoise.core.study.run_folder import RunFolder
from counterpoise.core.training.features.embed import embedded
from counterpoise.core.training.features.feature_rows import Array, Evening, fit_evening
from counterpoise.core.training.features.feature_store import FeatureStore
from counterpoise.core.training.images.decoded import decoded_images, with_scaling
from counterpoise.core.training.record import new_config
from counterpoise.core.training.start import make_work
from counterpoise.core.training.work import Interrupted, Teller

BLOCK = 1024
ALIKE = 0.02
"""Share of the range by which two scalings may differ for the same features to serve."""


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
def looked_at(
    plan: Plan, teller: Teller, kept: Path | None = None
) -> Iterator[tuple[tuple[ImageRecord, ...], FeatureStore]]:
    """Give the images of all parts and the store of their features, filled.

    Training images come first, then the others, each in the order of their content. Raises Interrupted
    where it was cancelled, ImagesLostError where images can't be read any more. ``kept`` is the file of the
    scaling that was fitted before (see ``as_before``).
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
            if config.scaling is not None and kept is not None:
                config = config.model_copy(update={"scaling": as_before(config.scaling, kept)})
            with embedded(work, config, images, teller) as store:
                yield work.images, store


def as_before(fitted: FittedScaling, kept: Path) -> FittedScaling:
    """Return the scaling in the file ``kept`` where it is nearly ``fitted``, else that, and keep it there.

    An image left out moves a percentile by a hair, and all features would be made anew for that.
    """
    try:
        before = FittedScaling.model_validate_json(kept.read_bytes())
    except (OSError, ValueError):
        before = None
    if before is not None and _nearly(before, fitted):
        return before
    with contextlib.suppress(OSError):
        write_text(kept, fitted.model_dump_json())
    return fitted


def _nearly(one: FittedScaling, other: FittedScaling) -> bool:
    """Whether two scalings differ by at most ``ALIKE`` of their range."""
    kind = ("method", "clip", "per_image")
    if any(getattr(one, name) != getattr(other, name) for name in kind) or len(one.scale) != len(other.scale):
        return False
    scales, others = np.array(one.scale), np.array(other.scale)
    shift = np.abs(np.array(one.offset) - np.array(other.offset)) * others
    return bool((np.abs(scales / others - 1) <= ALIKE).all() and (shift <= ALIKE).all())


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
